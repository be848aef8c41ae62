//! What takes long to count and may be a few minutes old: counted once for all who ask in that time, and again before it is too old as long
//! as somebody asks for it now and then.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::TimeDelta;
use tokio::sync::RwLock;

use super::{clock::local_day, db::Moment, error::Result};

/// So many keys are kept; when one more comes, those go that nobody could be given any more, and if that is not enough all.
const MOST: usize = 1024;

struct Made<T> {
    at: Moment,
    what: Arc<T>,
}

/// One thing, and when somebody last wanted it.
struct Place<T> {
    made: RwLock<Option<Made<T>>>,
    asked: Mutex<Moment>,
}

/// One for the program. Cheap to clone; the clones share what is kept.
pub struct Kept<K, T> {
    young: TimeDelta,
    worth: fn(&T) -> bool,
    places: Arc<Mutex<HashMap<K, Arc<Place<T>>>>>,
}

impl<K, T> Clone for Kept<K, T> {
    fn clone(&self) -> Self {
        Self { young: self.young, worth: self.worth, places: Arc::clone(&self.places) }
    }
}

impl<K: Eq + Hash + Clone, T> Kept<K, T> {
    /// Nothing yet. What is made is given out for as long as `young`, but never on another day in Viet Nam.
    pub fn new(young: TimeDelta) -> Self {
        Self { young, worth: |_| true, places: Arc::default() }
    }

    /// Keeps only what is worth it; the rest is made anew for each who asks.
    #[must_use]
    pub fn if_worth(mut self, worth: fn(&T) -> bool) -> Self {
        self.worth = worth;
        self
    }

    /// What is kept under the key and of which moment it is, made now if it is not there or too old. Only one makes it; the others who
    /// want the same wait for it.
    pub async fn get(&self, key: K, now: Moment, make: impl Future<Output = Result<T>>) -> Result<(Moment, Arc<T>)> {
        let place = self.place(key, now);
        if let Some(found) = self.fresh(place.made.read().await.as_ref(), now) {
            return Ok(found);
        }
        let mut made = place.made.write().await;
        if let Some(found) = self.fresh(made.as_ref(), now) {
            return Ok(found);
        }
        let what = Arc::new(make.await?);
        *made = (self.worth)(&what).then(|| Made { at: now, what: Arc::clone(&what) });
        Ok((now, what))
    }

    /// The key of what has lived two thirds of its time and was asked for since `since`: made anew now, nobody waits for it later.
    pub fn due(&self, now: Moment, since: Moment) -> Option<K> {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let due = |place: &Place<T>| {
            // What is being made just now is not due.
            let made = place.made.try_read().ok()?;
            let at = made.as_ref()?.at;
            let is_due = now - at >= self.young * 2 / 3 || local_day(at.0) != local_day(now.0);
            (is_due && *place.asked.lock().unwrap_or_else(PoisonError::into_inner) >= since).then_some(at)
        };
        let oldest = places.iter().filter_map(|(key, place)| Some((due(place)?, key))).min_by_key(|(at, _)| *at);
        oldest.map(|(_, key)| key.clone())
    }

    /// Makes what is kept under the key anew, while what was made before is still given out. What cannot be made is forgotten: then who
    /// asks for it learns why.
    pub async fn renew(&self, key: &K, now: Moment, make: impl Future<Output = Result<T>>) -> Result<()> {
        let place = self.places.lock().unwrap_or_else(PoisonError::into_inner).get(key).map(Arc::clone);
        let Some(place) = place else { return Ok(()) };
        let what = make.await;
        let mut made = place.made.write().await;
        // Who found it too old meanwhile has made it already, and later than this was begun.
        if made.as_ref().is_some_and(|made| made.at > now) {
            return Ok(());
        }
        *made = None;
        let what = Arc::new(what?);
        if (self.worth)(&what) {
            *made = Some(Made { at: now, what });
        }
        Ok(())
    }

    fn place(&self, key: K, now: Moment) -> Arc<Place<T>> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= MOST && !places.contains_key(&key) {
            // One that is being made is locked, and stays.
            places
                .retain(|_, place| place.made.try_read().map_or(true, |made| self.fresh(made.as_ref(), now).is_some()));
            if places.len() >= MOST {
                places.clear();
            }
        }
        let place =
            places.entry(key).or_insert_with(|| Arc::new(Place { made: RwLock::default(), asked: Mutex::new(now) }));
        *place.asked.lock().unwrap_or_else(PoisonError::into_inner) = now;
        Arc::clone(place)
    }

    fn fresh(&self, made: Option<&Made<T>>, now: Moment) -> Option<(Moment, Arc<T>)> {
        let made = made.filter(|made| now - made.at < self.young && local_day(made.at.0) == local_day(now.0))?;
        Some((made.at, Arc::clone(&made.what)))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;

    #[tokio::test]
    async fn it_is_made_once_for_each_key_until_it_is_old_or_the_day_is_over() {
        // Five minutes before midnight in Viet Nam.
        let evening = Utc.with_ymd_and_hms(2026, 11, 23, 16, 55, 0).unwrap();
        let kept = Kept::new(TimeDelta::minutes(3));
        let after = |seconds: i64, key: &'static str, made: i32| {
            let kept = kept.clone();
            async move {
                let now = Moment::from(evening + TimeDelta::seconds(seconds));
                let (at, what) = kept.get(key, now, async move { Ok(made) }).await.unwrap();
                ((at.0 - evening).num_seconds(), *what)
            }
        };
        assert_eq!(after(0, "a", 1).await, (0, 1));
        assert_eq!(after(179, "a", 2).await, (0, 1));
        assert_eq!(after(179, "b", 2).await, (179, 2));
        assert_eq!(after(180, "a", 3).await, (180, 3));
        assert_eq!(after(301, "a", 4).await, (301, 4), "the next day");
    }

    #[tokio::test]
    async fn what_could_not_be_made_or_is_not_worth_it_is_not_kept() {
        let kept = Kept::new(TimeDelta::minutes(3)).if_worth(|made| *made > 9);
        let now = Moment::from(Utc.with_ymd_and_hms(2026, 11, 23, 1, 0, 0).unwrap());
        assert!(kept.get((), now, async { Err(crate::platform::Error::NotFound) }).await.is_err());
        for (made, given) in [(7, 7), (8, 8), (10, 10), (8, 10)] {
            assert_eq!(*kept.get((), now, async move { Ok(made) }).await.unwrap().1, given);
        }
    }

    #[tokio::test]
    async fn what_was_asked_for_lately_is_made_anew_before_it_is_old() {
        let kept = Kept::new(TimeDelta::minutes(6));
        let begin = Utc.with_ymd_and_hms(2026, 11, 23, 1, 0, 0).unwrap();
        let after = |minutes: i64| Moment::from(begin + TimeDelta::minutes(minutes));
        for (minutes, key) in [(0, "a"), (1, "b")] {
            kept.get(key, after(minutes), async move { Ok(key.to_owned()) }).await.unwrap();
        }
        let since = after(0);
        assert_eq!(kept.due(after(3), since), None);
        assert_eq!(kept.due(after(5), since), Some("a"), "the older one first");
        assert_eq!(kept.due(after(5), after(1)), Some("b"), "nobody asked for the other since");
        assert_eq!(kept.due(after(5), after(2)), None);

        kept.renew(&"a", after(5), async { Ok("anew".to_owned()) }).await.unwrap();
        assert_eq!(kept.due(after(6), since), Some("b"));
        let (at, what) = kept.get("a", after(9), async { unreachable!() }).await.unwrap();
        assert_eq!((at, what.as_str()), (after(5), "anew"));
        // Begun before what stands there, ready after it.
        kept.renew(&"a", after(2), async { Ok("late".to_owned()) }).await.unwrap();
        assert_eq!(kept.get("a", after(9), async { unreachable!() }).await.unwrap().1.as_str(), "anew");

        let failed = kept.renew(&"a", after(9), async { Err(crate::platform::Error::NotFound) }).await;
        assert!(failed.is_err());
        assert_eq!(kept.get("a", after(9), async { Ok("after it".to_owned()) }).await.unwrap().1.as_str(), "after it");
    }

    #[tokio::test]
    async fn there_is_an_end_to_what_is_kept() {
        let kept = Kept::new(TimeDelta::minutes(3));
        let now = Moment::from(Utc.with_ymd_and_hms(2026, 11, 23, 1, 0, 0).unwrap());
        for key in 0..3 * MOST {
            kept.get(key, now, async move { Ok(key) }).await.unwrap();
        }
        assert!(kept.places.lock().unwrap().len() <= MOST);
    }
}
