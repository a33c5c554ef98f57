//! Pictures of products: what is taken for one, and the import of a folder of them.
//!
//! A picture is known by its first bytes, never by its name. Drawings (SVG) can hold programs and are not taken; those
//! of the demo shop are this server's own.

pub mod demo_pictures;
mod demo_shapes;
mod folder;

use holdfast_protocol::pictures::PICTURE_BYTES_MAX;
use sha2::{Digest, Sha256};

pub use folder::{PictureReport, RefusedFile, import_folder};

use crate::database::NewPicture;

/// Why bytes are not taken for a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAPicture {
    /// None of the forms that every browser shows.
    #[error("it is not a PNG, JPEG or WebP picture")]
    UnknownForm,
    /// Nothing in it.
    #[error("it is empty")]
    Empty,
    /// A till keeps thousands.
    #[error("it has more than {} kB; make it smaller", PICTURE_BYTES_MAX / 1024)]
    TooLarge,
}

/// The picture that some bytes are, of a product.
///
/// # Errors
/// [`NotAPicture`] saying why they are none.
pub fn picture_of(sku: String, bytes: Vec<u8>) -> Result<NewPicture, NotAPicture> {
    let media_type = media_type(&bytes)?.to_owned();
    Ok(NewPicture { sku, hash: Sha256::digest(&bytes).into(), media_type, bytes })
}

fn media_type(bytes: &[u8]) -> Result<&'static str, NotAPicture> {
    if bytes.is_empty() {
        return Err(NotAPicture::Empty);
    }
    if bytes.len() > PICTURE_BYTES_MAX {
        return Err(NotAPicture::TooLarge);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Ok("image/png")
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Ok("image/jpeg")
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Ok("image/webp")
    } else {
        Err(NotAPicture::UnknownForm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(bytes: &[u8]) -> Result<String, NotAPicture> {
        picture_of("1".to_owned(), bytes.to_vec()).map(|picture| picture.media_type)
    }

    #[test]
    fn a_picture_is_known_by_its_first_bytes() {
        assert_eq!(taken(b"\x89PNG\r\n\x1a\nrest").as_deref(), Ok("image/png"));
        assert_eq!(taken(b"\xff\xd8\xff\xe0rest").as_deref(), Ok("image/jpeg"));
        assert_eq!(taken(b"RIFF\x10\0\0\0WEBPVP8 ").as_deref(), Ok("image/webp"));
    }

    #[test]
    fn what_is_none_is_told_why() {
        assert_eq!(taken(b""), Err(NotAPicture::Empty));
        for other in
            [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"GIF89a", b"RIFF\x10\0\0\0WAVE", b"\x89PN"]
        {
            assert_eq!(taken(other), Err(NotAPicture::UnknownForm), "{other:?}");
        }
        let mut large = b"\x89PNG\r\n\x1a\n".to_vec();
        large.resize(PICTURE_BYTES_MAX, 0);
        assert!(taken(&large).is_ok());
        large.push(0);
        assert_eq!(taken(&large), Err(NotAPicture::TooLarge));
    }
}
