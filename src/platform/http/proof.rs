//! What the guards of all slices share. A guard is a proof: a handler that has it in its arguments runs only once it is given.

use std::{future::Future, pin::Pin};

use actix_web::{HttpRequest, web};

use crate::platform::error::{Error, Result};

/// A proof on its way: most of them ask the database first.
pub type Proof<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

/// What the program gave to all its handlers. It is missing only where a guard stands outside the program.
pub fn given<T: 'static>(request: &HttpRequest) -> Result<web::Data<T>> {
    request.app_data::<web::Data<T>>().cloned().ok_or_else(|| Error::internal("a guard outside the program"))
}

/// A part of the address by its name in the route; empty where the route has none of this name.
pub fn part(request: &HttpRequest, name: &str) -> String {
    request.match_info().get(name).unwrap_or_default().to_owned()
}

/// Makes a proof an argument of handlers: `proven!(ManagedReport, report_of, |seen| …)` says which function of the slice
/// finds what is to be seen, and what of it this proof asks for.
macro_rules! proven {
    ($proof:ty, $find:ident, $ask:expr) => {
        impl actix_web::FromRequest for $proof {
            type Error = $crate::platform::error::Error;
            type Future = $crate::platform::http::proof::Proof<Self>;

            fn from_request(request: &actix_web::HttpRequest, payload: &mut actix_web::dev::Payload) -> Self::Future {
                $find(request, payload, $ask)
            }
        }
    };
}
pub(crate) use proven;
