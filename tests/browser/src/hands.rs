//! Hands without the rest: a keyboard without a pointer, a finger without a keyboard. What is done with them can be
//! done by people who have nothing else.
//!
//! Looking (where the focus is, what a field holds) is done by scripts; doing never is, but for what the machine's
//! own picker of a list would do under a finger.

use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::common::command::{Actions, Command};
use thirtyfour::prelude::*;

use crate::Outcome;
use crate::till_page::TillPage;
use crate::waiting::wait_for;

/// More presses of Tab than any page has places to stop at.
const STOPS_MAX: usize = 300;
/// How long a page may take to follow a key or a tap.
const FOLLOWS_WITHIN: Duration = Duration::from_secs(15);

/// Keys of WebDriver.
pub mod key {
    /// Tab.
    pub const TAB: char = '\u{E004}';
    /// Enter.
    pub const ENTER: char = '\u{E007}';
    /// Shift.
    pub const SHIFT: char = '\u{E008}';
    /// Control.
    pub const CONTROL: char = '\u{E009}';
    /// Alt.
    pub const ALT: char = '\u{E00A}';
    /// Escape.
    pub const ESCAPE: char = '\u{E00C}';
    /// Space.
    pub const SPACE: char = ' ';
    /// Left.
    pub const LEFT: char = '\u{E012}';
    /// Up.
    pub const UP: char = '\u{E013}';
    /// Right.
    pub const RIGHT: char = '\u{E014}';
    /// Down.
    pub const DOWN: char = '\u{E015}';
    /// Delete.
    pub const DELETE: char = '\u{E017}';
}

/// A keyboard.
pub struct Keyboard<'browser> {
    driver: &'browser WebDriver,
}

impl<'browser> Keyboard<'browser> {
    /// The keyboard of a session.
    pub fn new(driver: &'browser WebDriver) -> Self {
        Keyboard { driver }
    }

    /// Presses keys together, such as Control and n.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn press(&self, keys: &[char]) -> Outcome {
        let down = keys.iter().map(|key| json!({ "type": "keyDown", "value": key.to_string() }));
        let up = keys.iter().rev().map(|key| json!({ "type": "keyUp", "value": key.to_string() }));
        let actions: Vec<Value> = down.chain(up).collect();
        perform(self.driver, json!([{ "type": "key", "id": "keys", "actions": actions }])).await
    }

    /// Types a text where the focus is.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn type_text(&self, text: &str) -> Outcome {
        for letter in text.chars() {
            self.press(&[letter]).await?;
        }
        Ok(())
    }

    /// Types in the place of what a field holds.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn type_anew(&self, text: &str) -> Outcome {
        self.press(&[key::CONTROL, 'a']).await?;
        self.press(&[key::DELETE]).await?;
        self.type_text(text).await
    }

    /// What has the focus, by test id; empty where it has none.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn at(&self) -> Outcome<String> {
        let script = "return document.activeElement?.dataset?.testid ?? document.activeElement?.id ?? ''";
        Ok(self.driver.execute(script, vec![]).await?.json().as_str().unwrap_or_default().to_owned())
    }

    /// Waits until something has the focus by itself.
    ///
    /// # Errors
    /// When it does not get it.
    pub async fn wait_until_at(&self, id: &str) -> Outcome {
        wait_for(&format!("the focus on {id}"), FOLLOWS_WITHIN, || async {
            match self.at().await {
                Ok(at) if at == id => Ok(()),
                Ok(at) => Err(format!("it is on “{at}”")),
                Err(error) => Err(error.to_string()),
            }
        })
        .await
    }

    /// Goes on with Tab until something has the focus.
    ///
    /// # Errors
    /// When it never gets it: it can't be reached by keyboard.
    pub async fn tab_to(&self, id: &str) -> Outcome {
        self.go_to(id, &[key::TAB]).await
    }

    /// Goes back with Shift+Tab until something has the focus.
    ///
    /// # Errors
    /// When it never gets it.
    pub async fn tab_back_to(&self, id: &str) -> Outcome {
        self.go_to(id, &[key::SHIFT, key::TAB]).await
    }

    async fn go_to(&self, id: &str, keys: &[char]) -> Outcome {
        TillPage::new(self.driver).element(id).await?;
        let mut seen = Vec::new();
        for _ in 0..STOPS_MAX {
            let at = self.at().await?;
            if at == id {
                return Ok(());
            }
            seen.push(at);
            self.press(keys).await?;
        }
        seen.dedup();
        Err(format!("{id} can't be reached by keyboard; reached were {}", seen.join(", ")).into())
    }

    /// Goes to something and presses Enter on it.
    ///
    /// # Errors
    /// When it can't be reached.
    pub async fn enter_on(&self, id: &str) -> Outcome {
        self.tab_to(id).await?;
        self.press(&[key::ENTER]).await
    }

    /// In a list that has the focus, goes down until it holds `value`.
    ///
    /// # Errors
    /// When it never does.
    pub async fn choose(&self, value: &str) -> Outcome {
        for _ in 0..60 {
            let script = "return document.activeElement.value";
            let now = self.driver.execute(script, vec![]).await?.json().as_str().map(str::to_owned);
            if now.as_deref() == Some(value) {
                return Ok(());
            }
            self.press(&[key::DOWN]).await?;
        }
        Err(format!("the list never held “{value}”").into())
    }
}

/// A finger.
pub struct Finger<'browser> {
    driver: &'browser WebDriver,
    page: TillPage<'browser>,
}

impl<'browser> Finger<'browser> {
    /// A finger on the screen of a session.
    pub fn new(driver: &'browser WebDriver) -> Self {
        Finger { driver, page: TillPage::new(driver) }
    }

    /// Taps an element.
    ///
    /// # Errors
    /// When it does not come, can't be used, or something else lies over it.
    pub async fn tap(&self, id: &str) -> Outcome {
        let (x, y) = wait_for(&format!("{id} under a finger"), FOLLOWS_WITHIN, || async {
            self.point_of(id).await.map_err(|error| error.to_string())
        })
        .await?;
        let actions = json!([
            { "type": "pointerMove", "duration": 0, "x": x, "y": y },
            { "type": "pointerDown", "button": 0 },
            { "type": "pause", "duration": 40 },
            { "type": "pointerUp", "button": 0 },
        ]);
        self.perform(actions).await
    }

    /// Drags an element onto another.
    ///
    /// # Errors
    /// When one of them does not come.
    pub async fn drag(&self, from: &str, to: &str) -> Outcome {
        self.point_of(to).await?;
        let (from_x, from_y) = self.middle_of(from).await?;
        let (to_x, to_y) = self.middle_of(to).await?;
        let mut actions = vec![
            json!({ "type": "pointerMove", "duration": 0, "x": from_x, "y": from_y }),
            json!({ "type": "pointerDown", "button": 0 }),
            json!({ "type": "pause", "duration": 60 }),
        ];
        for step in 1..=8 {
            let between = |from: i64, to: i64| from + (to - from) * step / 8;
            let (x, y) = (between(from_x, to_x), between(from_y, to_y));
            actions.push(json!({ "type": "pointerMove", "duration": 20, "x": x, "y": y }));
        }
        actions.push(json!({ "type": "pause", "duration": 60 }));
        actions.push(json!({ "type": "pointerUp", "button": 0 }));
        self.perform(Value::Array(actions)).await
    }

    /// Enters a text in the place of what a field holds, as the keyboard on the screen does.
    ///
    /// # Errors
    /// When the field does not come.
    pub async fn enter(&self, id: &str, text: &str) -> Outcome {
        self.tap(id).await?;
        let select = "document.activeElement.select(); return document.activeElement.dataset.testid";
        let at = self.driver.execute(select, vec![]).await?.json().clone();
        if at != id {
            return Err(format!("a tap on {id} gave the focus to {at}").into());
        }
        self.driver.cdp().send_raw("Input.insertText", json!({ "text": text })).await?;
        Ok(())
    }

    /// Chooses from a list, as the tablet's own picker does.
    ///
    /// # Errors
    /// When the list does not come or has no such choice.
    pub async fn pick(&self, id: &str, value: &str) -> Outcome {
        self.page.element(id).await?;
        let script = "const [id, value] = arguments; const list = document.querySelector(`[data-testid=\"${id}\"]`);\
             list.value = value; list.dispatchEvent(new Event('input', { bubbles: true }));\
             list.dispatchEvent(new Event('change', { bubbles: true })); return list.value";
        let chosen = self.driver.execute(script, vec![id.into(), value.into()]).await?.json().clone();
        if chosen == value { Ok(()) } else { Err(format!("{id} has no choice “{value}”").into()) }
    }

    /// The middle of an element, wherever it is on the screen.
    async fn middle_of(&self, id: &str) -> Outcome<(i64, i64)> {
        self.page.element(id).await?;
        let script = "const one = document.querySelector(`[data-testid=\"${arguments[0]}\"]`);\
             const { left, top, width, height } = one.getBoundingClientRect();\
             return [Math.round(left + width / 2), Math.round(top + height / 2)]";
        let found: Vec<i64> = self.driver.execute(script, vec![id.into()]).await?.convert()?;
        match found[..] {
            [x, y] => Ok((x, y)),
            _ => Err(format!("{id} is nowhere").into()),
        }
    }

    /// The middle of an element once it is scrolled into view and nothing lies over it.
    async fn point_of(&self, id: &str) -> Outcome<(i64, i64)> {
        self.page.element(id).await?;
        let script = "const one = document.querySelector(`[data-testid=\"${arguments[0]}\"]`);\
             const shown = one.matches('input[type=radio], input[type=checkbox], input[type=file]') ? one.closest('label') ?? one : one;\
             shown.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });\
             const { left, top, width, height } = shown.getBoundingClientRect();\
             const [x, y] = [Math.round(left + width / 2), Math.round(top + height / 2)];\
             const under = document.elementFromPoint(x, y);\
             return { x, y, free: !one.disabled && !!under && (shown.contains(under) || under.contains(shown)), under: under?.outerHTML?.slice(0, 160) }";
        let found = self.driver.execute(script, vec![id.into()]).await?.json().clone();
        if found["free"] != true {
            return Err(format!("{id} can't be tapped; there is {}", found["under"]).into());
        }
        Ok((found["x"].as_i64().unwrap_or_default(), found["y"].as_i64().unwrap_or_default()))
    }

    async fn perform(&self, actions: Value) -> Outcome {
        let finger = json!([{
            "type": "pointer", "id": "finger", "parameters": { "pointerType": "touch" }, "actions": actions,
        }]);
        perform(self.driver, finger).await
    }
}

async fn perform(driver: &WebDriver, sources: Value) -> Outcome {
    driver.cmd(Command::PerformActions(Actions::from(sources))).await?;
    Ok(())
}
