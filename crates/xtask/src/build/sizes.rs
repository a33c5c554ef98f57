//! The table of what was built and what it weighs.

use std::path::Path;

use crate::failure::Outcome;
use crate::files;

/// Prints every file of both pages with its bytes, plain and compressed.
pub fn print(dist: &Path) -> Outcome {
    println!("{:>9} {:>9} {:>9}  file", "bytes", "gzip", "brotli");
    for page in ["till", "back-office"] {
        let folder = dist.join(page);
        let (mut plain, mut brotli) = (0, 0);
        for path in files::files_below(&folder)? {
            let name = path.to_string_lossy().into_owned();
            if name.ends_with(".br") || name.ends_with(".gz") {
                continue;
            }
            let size = files::length(&path)?;
            let twin = |end: &str| files::length(Path::new(&format!("{name}{end}"))).ok();
            let shown = path.strip_prefix(dist).unwrap_or(&path).display();
            println!("{size:>9} {:>9} {:>9}  {shown}", column(twin(".gz")), column(twin(".br")));
            plain += size;
            brotli += twin(".br").unwrap_or(size);
        }
        println!("{plain:>9} {:>9} {brotli:>9}  {page}, all of it", "");
    }
    Ok(())
}

fn column(size: Option<u64>) -> String {
    size.map_or_else(|| "-".to_owned(), |size| size.to_string())
}
