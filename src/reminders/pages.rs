//! `/don-doc`: who is late, the button, and what became of a press of it.

mod agencies;
mod batch;
mod learners;

use actix_web::web;

use super::model::Chosen;
use crate::platform::http::Input;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/don-doc").get(learners::show).post(learners::send));
    cfg.service(web::resource("/don-doc/chi-tieu/{code}").get(agencies::show).post(agencies::send));
    cfg.service(web::resource("/don-doc/dot/{code}").get(batch::show));
}

/// Where the page of a batch is.
fn batch_path(code: &str) -> String {
    format!("/don-doc/dot/{code}")
}

/// How many may be chosen one by one: more than a page shows.
const AT_ONCE: usize = 200;

/// Whom the button was pressed for: all of the list, or those that are ticked; nothing where nobody is.
fn chosen(input: &Input) -> Option<Chosen> {
    if input.text("viec") == "tat-ca" {
        return Some(Chosen::All);
    }
    let codes: Vec<String> = input.all("chon").map(str::to_owned).filter(|c| c.len() <= 64).take(AT_ONCE).collect();
    (!codes.is_empty()).then_some(Chosen::These(codes))
}
