//! The switch between the two views of organisations. It stays along the whole way down, and every page says which one it shows.

use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    platform::{
        error::FieldErrors,
        http::{FormView, Input, Page, address},
        text,
    },
    targets::queries::View,
};

/// The view that an address asks for.
pub struct Lens {
    pub view: View,
    /// The day of the view; today where units are shown as recorded.
    pub day: NaiveDate,
    /// As it goes on in addresses.
    xem: &'static str,
    ngay: String,
    is_bad: bool,
}

/// How an address asks for units as they are on a day.
pub const CARRIED: &str = "quy-doi";
/// How it was asked for before a day could be chosen; kept, since people keep addresses.
const TODAY: &str = "hom-nay";

impl Lens {
    pub fn of(xem: &str, ngay: &str, today: NaiveDate) -> Self {
        if xem != CARRIED && xem != TODAY {
            return Self { view: View::AsRecorded, day: today, xem: "", ngay: String::new(), is_bad: false };
        }
        let typed = if xem == TODAY { "" } else { ngay.trim() };
        let read = text::read_day(typed);
        let day = read.unwrap_or(today);
        let ngay = read.map(text::date).unwrap_or_default();
        Self { view: View::AsOf(day), day, xem: CARRIED, ngay, is_bad: read.is_none() && !typed.is_empty() }
    }

    /// What stands in an address for it.
    pub fn pairs(&self) -> [(&str, &str); 2] {
        [("xem", self.xem), ("ngay", &self.ngay)]
    }

    /// An address with other things and the view.
    pub fn to(&self, path: &str, others: &[(&str, &str)]) -> String {
        let mut pairs = others.to_vec();
        pairs.extend(self.pairs());
        address(path, &pairs)
    }
}

/// A field that goes on unseen.
#[derive(Serialize)]
pub struct Hidden {
    name: String,
    value: String,
}

/// Fields that keep what an address already says, without the empty ones.
pub fn hidden(pairs: &[(&str, &str)]) -> Vec<Hidden> {
    let kept = pairs.iter().filter(|(_, value)| !value.is_empty());
    kept.map(|(name, value)| Hidden { name: (*name).to_owned(), value: (*value).to_owned() }).collect()
}

/// The switch as `targets/lens` shows it.
#[derive(Serialize)]
pub struct LensView {
    path: String,
    as_recorded: bool,
    recorded_href: String,
    carried_href: String,
    day: NaiveDate,
    hidden: Vec<Hidden>,
    form: FormView,
}

impl LensView {
    /// `others` is what the address says besides.
    pub fn of(page: &Page, lens: &Lens, path: &str, others: &[(&str, &str)]) -> Self {
        let mut carried = others.to_vec();
        carried.extend([("xem", CARRIED), ("ngay", lens.ngay.as_str())]);
        let mut kept = others.to_vec();
        kept.push(("xem", CARRIED));
        let mut faults = FieldErrors::default();
        if lens.is_bad {
            faults.add("ngay", "targets-fault-day");
        }
        let typed = Input::of_pairs(vec![("ngay".to_owned(), text::date(lens.day))]);
        Self {
            path: path.to_owned(),
            as_recorded: lens.xem.is_empty(),
            recorded_href: address(path, others),
            carried_href: address(path, &carried),
            day: lens.day,
            hidden: hidden(&kept),
            form: page.form(&typed, &faults),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_goes_on_as_it_was_asked_for() {
        let today: NaiveDate = "2026-11-23".parse().unwrap();
        let recorded = Lens::of("", "01/01/2025", today);
        assert_eq!((recorded.view, recorded.to("/x", &[("a", "1")])), (View::AsRecorded, "/x?a=1".to_owned()));
        let carried = Lens::of("quy-doi", "31/12/2025", today);
        assert_eq!(carried.view, View::AsOf("2025-12-31".parse().unwrap()));
        assert_eq!(carried.to("/x", &[]), "/x?xem=quy-doi&ngay=31%2F12%2F2025");
        let old = Lens::of("hom-nay", "", today);
        assert_eq!((old.view, old.to("/x", &[])), (View::AsOf(today), "/x?xem=quy-doi".to_owned()));
        assert!(Lens::of("quy-doi", "hôm qua", today).is_bad);
    }
}
