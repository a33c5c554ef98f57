//! The peers' ways in a browser's page.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::waiting::wait_for;

use crate::peer_server::PeerServer;

/// How long the slowest may take.
const WITHIN: Duration = Duration::from_secs(600);

/// What one way took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeerRun {
    /// From the first request until all is kept and can be found, milliseconds.
    pub took_ms: f64,
    /// The longest frame meanwhile, milliseconds.
    pub longest_frame_ms: f64,
}

/// Opens the peers' page.
///
/// # Errors
/// When the browser can't.
pub async fn open(browser: &Browser, server: &PeerServer) -> Outcome {
    browser.driver().goto(server.url()).await?;
    Ok(())
}

/// Measures one way by its name in `peers.js`.
///
/// # Errors
/// When it fails or never ends.
pub async fn measure(browser: &Browser, server: &PeerServer, way: &str) -> Outcome<PeerRun> {
    let begin = "const [way, pages] = arguments; globalThis.answer = null; \
                 measure(way, pages).then((found) => (answer = found), (error) => (answer = { failed: String(error) }))";
    browser.script(begin, vec![way.into(), server.pages_count.into()]).await?;
    let answer = wait_for(way, WITHIN, || async {
        let answer = browser.script("return globalThis.answer", vec![]).await;
        answer
            .map_err(|error| error.to_string())
            .and_then(|answer| if answer.is_null() { Err("nothing yet".to_owned()) } else { Ok(answer) })
    })
    .await?;
    let number = |name: &str| answer[name].as_f64().ok_or_else(|| format!("{way}: {answer} has no {name}"));
    let run = PeerRun { took_ms: number("tookMs")?, longest_frame_ms: number("longestFrameMs")? };
    eprintln!("  {way}: {:.0} ms, longest frame {:.0} ms", run.took_ms, run.longest_frame_ms);
    Ok(run)
}
