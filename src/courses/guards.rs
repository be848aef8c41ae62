//! Who may have a file of a course.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};

use super::queries;
use crate::{
    accounts::{MaybeSignedIn, SignedIn},
    app::App,
    platform::error::{Error, Result},
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
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let app = request.app_data::<web::Data<App>>().cloned();
        let who = MaybeSignedIn::from_request(request, payload).into_inner();
        let part = |name: &str| request.match_info().get(name).unwrap_or_default().to_owned();
        let (hash, path) = (part("version"), part("path"));
        Box::pin(async move {
            let app = app.ok_or_else(|| Error::internal("a guard outside the program"))?;
            let asset = app.db.read(move |c| queries::asset(c, &hash, &path)).await?;
            let signed: Option<SignedIn> = who?.0;
            if !asset.is_open && signed.is_none() {
                return Err(Error::NotFound);
            }
            Ok(Self { media_type: asset.media_type, bytes: asset.bytes, is_open: asset.is_open })
        })
    }
}
