//! Who may have a file of a course.

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::queries;
use crate::{
    accounts::{MaybeSignedIn, SignedIn},
    app::App,
    platform::error::Error,
    platform::http::proof::{Proof, given},
};

/// A file of a course: for everybody where an open lesson shows it, for those who are signed in otherwise. The address of a
/// file that is not open holds 128 bits which only a reader of the lesson has seen.
pub struct AssetOf {
    pub media_type: String,
    pub bytes: Vec<u8>,
    pub is_open: bool,
}

impl FromRequest for AssetOf {
    type Error = Error;
    type Future = Proof<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let app = given::<App>(request);
        let who = MaybeSignedIn::from_request(request, payload).into_inner();
        let part = |name: &str| request.match_info().get(name).unwrap_or_default().to_owned();
        let (hash, path) = (part("version"), part("path"));
        Box::pin(async move {
            let app = app?;
            let asset = app.db.read(move |c| queries::asset(c, &hash, &path)).await?;
            let signed: Option<SignedIn> = who?.0;
            if !asset.is_open && signed.is_none() {
                return Err(Error::NotFound);
            }
            Ok(Self { media_type: asset.media_type, bytes: asset.bytes, is_open: asset.is_open })
        })
    }
}
