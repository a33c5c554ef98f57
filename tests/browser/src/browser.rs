//! A real Chromium with a folder of its own, driven through a chromedriver of its own.
//!
//! chromedriver leads a process group that the whole browser belongs to, so that one signal ends all of it.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use serde_json::{Value, json};
use thirtyfour::LoggingPrefsLogLevel;
use thirtyfour::prelude::*;

use crate::Outcome;
use crate::waiting::wait_for;

/// How long the driver may take to answer for the first time.
pub(crate) const DRIVER_WITHIN: Duration = Duration::from_secs(20);
/// How long what was killed may take to end: a process ends only when the disk has answered it.
const ENDED_WITHIN: Duration = Duration::from_secs(10);

/// How a person has the system show colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// A few of the person's own, as for low vision.
    Forced,
}

impl Colours {
    /// For names of pictures.
    pub fn name(self) -> &'static str {
        match self {
            Colours::Light => "light",
            Colours::Dark => "dark",
            Colours::Forced => "forced",
        }
    }
}

/// A browser; its folder outlives it, so that it can be closed, killed and opened again.
pub struct Browser {
    driver: WebDriver,
    chromedriver: Child,
    chromedriver_port: u16,
}

impl Browser {
    /// Opens a browser on the user data folder `profile`, `width` × `height` CSS pixels.
    ///
    /// # Errors
    /// When chromedriver or Chromium don't start.
    pub async fn open(profile: &Path, width: u32, height: u32) -> Outcome<Browser> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let chromedriver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .process_group(0)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("chromedriver: {error}; `cargo xtask setup --browser` installs it"))?;
        let url = format!("http://127.0.0.1:{port}");
        let mut capabilities = DesiredCapabilities::chrome();
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
        ] {
            capabilities.add_arg(argument)?;
        }
        capabilities.add_arg(&format!("--window-size={width},{height}"))?;
        capabilities.add_arg(&format!("--user-data-dir={}", profile.display()))?;
        capabilities.set_browser_log_level(LoggingPrefsLogLevel::Warning)?;
        let driver = wait_for("a browser session", DRIVER_WITHIN, || {
            WebDriver::new(url.clone(), capabilities.clone())
        })
        .await?;
        let browser = Browser { driver, chromedriver, chromedriver_port: port };
        browser.set_viewport(width, height).await?;
        Ok(browser)
    }

    /// The session.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Makes the page's own area `width` × `height` CSS pixels, whatever the window's frame takes. A window is never as
    /// narrow as a phone, so what lies round such a page is no measure of the frame, and it is looked at again.
    ///
    /// # Errors
    /// When the driver fails, or the area does not become so.
    pub async fn set_viewport(&self, width: u32, height: u32) -> Outcome {
        let measure = "return [outerWidth - innerWidth, outerHeight - innerHeight, innerWidth, innerHeight]";
        wait_for(&format!("a view of {width} × {height}"), DRIVER_WITHIN, || async {
            let measured = self.driver.execute(measure, vec![]).await.map_err(|error| error.to_string())?;
            let [extra_width, extra_height, is_width, is_height]: [u32; 4] =
                measured.convert().map_err(|error| error.to_string())?;
            if (is_width, is_height) == (width, height) {
                return Ok(());
            }
            let rect = self.driver.set_window_rect(0, 0, width + extra_width, height + extra_height);
            rect.await.map_err(|error| error.to_string())?;
            Err(format!("{is_width} × {is_height}"))
        })
        .await
    }

    /// Saves a picture of the page under `target/screenshots`.
    ///
    /// # Errors
    /// When the driver or the disk fails.
    pub async fn screenshot(&self, name: &str) -> Outcome {
        let folder = crate::store_server::workspace().join("target/screenshots");
        std::fs::create_dir_all(&folder)?;
        self.driver.screenshot(&folder.join(format!("{name}.png"))).await?;
        Ok(())
    }

    /// Shows all pages in such colours from now on, at once: nothing moves any more.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn show_in(&self, colours: Colours) -> Outcome {
        let scheme = if colours == Colours::Dark { "dark" } else { "light" };
        let forced = if colours == Colours::Forced { "active" } else { "none" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "forced-colors", "value": forced },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.driver.cdp().send_raw("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
        // The browser keeps the lines between the rows of a table as they were; made anew they take the colours, too.
        let repaint = "for (const table of document.querySelectorAll('table')) { table.style.borderCollapse = 'separate'; \
            table.offsetHeight; table.style.borderCollapse = ''; }";
        self.script(repaint, vec![]).await.map(drop)
    }

    /// Runs a script in the page and gives what it returns.
    ///
    /// # Errors
    /// When the driver fails or the script throws.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Outcome<Value> {
        Ok(self.driver.execute(script, arguments).await?.json().clone())
    }

    /// Runs a script in the page that gives its result to a function, its last argument.
    ///
    /// # Errors
    /// When the driver fails or the script never answers.
    pub async fn script_async(&self, script: &str, arguments: Vec<Value>) -> Outcome<Value> {
        Ok(self.driver.execute_async(script, arguments).await?.json().clone())
    }

    /// Lets the page's clock go on for so long: what was typed before is not of one burst with what comes after.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn pause(&self, for_ms: u32) -> Outcome {
        self.script_async("setTimeout(arguments[1], arguments[0])", vec![for_ms.into()]).await.map(drop)
    }

    /// Has the page get the answers to its requests of a method, to addresses that end so, only when they are
    /// [released](Browser::release_answers): they come late.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn hold_answers(&self, method: &str, end: &str) -> Outcome {
        let script = include_str!("scripts/hold_answers.js");
        self.script(script, vec![method.into(), end.into()]).await.map(drop)
    }

    /// Waits until an answer is held.
    ///
    /// # Errors
    /// When none comes.
    pub async fn wait_for_held_answer(&self) -> Outcome {
        wait_for("an answer that is held", DRIVER_WITHIN, || async {
            match self.script("return window.heldAnswers.length", vec![]).await {
                Ok(count) if count != 0 => Ok(()),
                Ok(_) => Err("none".to_owned()),
                Err(error) => Err(error.to_string()),
            }
        })
        .await
    }

    /// Gives the page all answers that are held, and holds none from now on.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn release_answers(&self) -> Outcome {
        self.script("window.releaseAnswers()", vec![]).await.map(drop)
    }

    /// Lets pages live in a time zone, such as `Pacific/Auckland`.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn live_in(&self, time_zone: &str) -> Outcome {
        let parameters = json!({ "timezoneId": time_zone });
        self.driver.cdp().send_raw("Emulation.setTimezoneOverride", parameters).await?;
        Ok(())
    }

    /// Stops all service workers, as the browser itself does with one that it finds idle or greedy.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn stop_service_workers(&self) -> Outcome {
        let devtools = self.driver.cdp();
        devtools.send_raw("ServiceWorker.enable", json!({})).await?;
        devtools.send_raw("ServiceWorker.stopAllWorkers", json!({})).await?;
        Ok(())
    }

    /// Tells the page that the device has no network, and then that it has one again. Nothing else changes: what goes
    /// through the service worker goes as before.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn lose_and_find_network(&self) -> Outcome {
        for offline in [true, false] {
            let conditions = json!({
                "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
            });
            self.driver.cdp().send_raw("Network.emulateNetworkConditions", conditions).await?;
            let sees = format!("return navigator.onLine === {}", !offline);
            wait_for("the page to see its network", DRIVER_WITHIN, || async {
                match self.script(&sees, vec![]).await {
                    Ok(seen) if seen == true => Ok(()),
                    Ok(_) => Err("it does not".to_owned()),
                    Err(error) => Err(error.to_string()),
                }
            })
            .await?;
        }
        Ok(())
    }

    /// Has the browser put downloads into a folder without asking.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn download_into(&self, folder: &Path) -> Outcome {
        let parameters = json!({ "behavior": "allow", "downloadPath": folder.to_string_lossy() });
        self.driver.cdp().send_raw("Browser.setDownloadBehavior", parameters).await?;
        Ok(())
    }

    /// How many service workers are running.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn service_workers_running(&self) -> Outcome<usize> {
        let devtools = self.driver.cdp();
        let targets = devtools.send_raw("Target.getTargets", json!({})).await?;
        let targets = targets["targetInfos"].as_array().ok_or("the browser lists no targets")?;
        Ok(targets.iter().filter(|target| target["type"] == "service_worker").count())
    }

    /// Closes the browser as a person would.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn close(mut self) -> Outcome {
        self.driver.clone().quit().await?;
        self.end_process_group()
    }

    /// Kills every process of the browser at once, as a power cut would (kill -9), and waits until none is left: the
    /// next browser must not meet one that still has the databases open.
    ///
    /// # Errors
    /// When the processes can't be killed.
    pub fn kill(mut self) -> Outcome {
        self.end_process_group()?;
        // The session is gone with its browser; quitting it at the end of its life would only wait for nothing.
        self.driver.clone().leak()?;
        Ok(())
    }

    fn end_process_group(&mut self) -> Outcome {
        let leader = Pid::from_child(&self.chromedriver);
        kill_process_group(leader, Signal::KILL)
            .map_err(|error| format!("chromedriver on port {}: {error}", self.chromedriver_port))?;
        self.chromedriver.wait()?;
        let killed_at = Instant::now();
        while test_kill_process_group(leader).is_ok() {
            if killed_at.elapsed() > ENDED_WITHIN {
                eprintln!("processes of the browser on port {} are still there", self.chromedriver_port);
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Already ended after `close` and `kill`; after a failed test this ends the browser too.
        if self.chromedriver.try_wait().ok().flatten().is_none() {
            if let Err(error) = self.end_process_group() {
                eprintln!("{error}");
            }
            if let Err(error) = self.driver.clone().leak() {
                eprintln!("{error}");
            }
        }
    }
}
