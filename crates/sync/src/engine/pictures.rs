//! What the engine knows of pictures: whether the profile has them kept, whether there are others by now, and whether
//! this is a moment to fetch some. Fetching them is the driver's, by [`crate::pictures`]; it is never in the way of
//! anything else.

use holdfast_profile::ImageFolder;

use super::Engine;

impl Engine {
    /// The profile's *Image folder*; none before the register has a profile.
    pub fn image_folder(&self) -> Option<ImageFolder> {
        self.state.profile.as_ref().map(|(_, profile)| profile.device.image_folder)
    }

    /// Version of the store's pictures as the last contact told it; none where it told none.
    pub fn pictures_head(&self) -> Option<u64> {
        self.pictures_head
    }

    /// Whether pictures may be fetched now: the register is online, can sell, and nothing goes up or comes down or is
    /// about to.
    pub fn may_fetch_pictures(&self) -> bool {
        self.may_sync() && self.is_ready_to_sell() && self.upload.is_idle() && self.download.is_at_rest()
    }
}
