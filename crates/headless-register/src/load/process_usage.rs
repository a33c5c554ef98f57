//! What a process uses, from `/proc`: processor time and memory, its peak too.

use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Ticks of a second in `/proc/PID/stat`; Linux has it so on every machine that Holdfast runs on.
const TICKS_A_SECOND: f64 = 100.0;
/// Between two looks at the memory.
const SAMPLE_EVERY: Duration = Duration::from_millis(100);

/// Processes that ran or wanted to in the last minute, on average.
///
/// # Errors
/// [`io::Error`] where there is no `/proc`.
pub fn load_average() -> io::Result<f64> {
    let text = fs::read_to_string("/proc/loadavg")?;
    Ok(text.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or_default())
}

/// A process that is watched.
#[derive(Debug, Clone, Copy)]
pub struct Process(pub u32);

/// What was seen of a process in some time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Usage {
    /// Processor time, all its threads, seconds.
    pub cpu_s: f64,
    /// Most memory at once, bytes.
    pub peak_bytes: u64,
    /// Memory at the begin, bytes.
    pub begin_bytes: u64,
    /// Memory at the end, bytes.
    pub end_bytes: u64,
}

/// A measurement under way.
#[derive(Debug)]
pub struct Measuring {
    process: Process,
    cpu_s: f64,
    begin_bytes: u64,
    is_set_back: bool,
    peak: Arc<AtomicU64>,
    done: Arc<AtomicBool>,
}

impl Process {
    /// Begins to measure.
    ///
    /// # Errors
    /// [`io::Error`] where there is no such process, or no `/proc`.
    pub fn measure(self) -> io::Result<Measuring> {
        // Sets the kernel's own peak back; where that is not allowed, samples must do.
        let is_set_back = fs::write(format!("/proc/{}/clear_refs", self.0), "5").is_ok();
        let begin_bytes = self.status_bytes("VmRSS:")?;
        let (peak, done) = (Arc::new(AtomicU64::new(begin_bytes)), Arc::new(AtomicBool::new(false)));
        let sampling = (Arc::clone(&peak), Arc::clone(&done));
        std::thread::spawn(move || {
            let (peak, done) = sampling;
            while !done.load(Ordering::Relaxed) {
                if let Ok(bytes) = self.status_bytes("VmRSS:") {
                    peak.fetch_max(bytes, Ordering::Relaxed);
                }
                std::thread::sleep(SAMPLE_EVERY);
            }
        });
        Ok(Measuring { process: self, cpu_s: self.cpu_s()?, begin_bytes, is_set_back, peak, done })
    }

    /// Processor time since its start, seconds.
    ///
    /// # Errors
    /// [`io::Error`].
    pub fn cpu_s(self) -> io::Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0))?;
        // The name stands in brackets and may hold anything; user and system time are the 12th and 13th after it.
        let fields = stat.rsplit_once(')').map(|(_, rest)| rest).unwrap_or_default();
        let ticks: f64 =
            fields.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum();
        Ok(ticks / TICKS_A_SECOND)
    }

    fn status_bytes(self, name: &str) -> io::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        let kilobytes: u64 = line.split_whitespace().next().and_then(|text| text.parse().ok()).unwrap_or(0);
        Ok(kilobytes * 1_024)
    }
}

impl Measuring {
    /// Ends the measurement.
    ///
    /// # Errors
    /// [`io::Error`] when the process is gone.
    pub fn end(self) -> io::Result<Usage> {
        let peak = self.process.status_bytes("VmHWM:")?;
        let sampled = self.peak.load(Ordering::Relaxed);
        let end_bytes = self.process.status_bytes("VmRSS:")?;
        Ok(Usage {
            cpu_s: self.process.cpu_s()? - self.cpu_s,
            // The kernel's peak is the whole life's where it could not be set back.
            peak_bytes: if self.is_set_back { peak.max(sampled) } else { sampled },
            begin_bytes: self.begin_bytes,
            end_bytes,
        })
    }
}

impl Drop for Measuring {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_uses_memory_and_time() {
        let measuring = Process(std::process::id()).measure().expect("measured");
        let bytes = vec![1_u8; 64 * 1_024 * 1_024];
        let sum: u64 = bytes.iter().map(|byte| u64::from(*byte)).sum();
        let usage = measuring.end().expect("measured");
        assert!(usage.peak_bytes >= sum, "{usage:?}");
        assert!(usage.cpu_s >= 0.0 && usage.begin_bytes > 0, "{usage:?}");
    }
}
