//! Reading typed values out of a canonical map, field by field; a field nobody asked for is refused.
//!
//! It knows no file of ours; each file's own module does the asking.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use exam_core::Text;

use super::{Json, Malformed};

/// A map that is being read.
pub(crate) struct Object<'j> {
    path: String,
    map: &'j BTreeMap<String, Json>,
    asked: RefCell<BTreeSet<&'j str>>,
}

impl<'j> Object<'j> {
    /// Starts reading `json`, which must be a map; `path` names it in refusals.
    pub(crate) fn new(json: &'j Json, path: &str) -> Result<Self, Malformed> {
        match json {
            Json::Map(map) => Ok(Self {
                path: path.to_owned(),
                map,
                asked: RefCell::default(),
            }),
            Json::Bool(_) | Json::Int(_) | Json::Text(_) | Json::List(_) => {
                Err(Malformed::new(path, "must be a map"))
            }
        }
    }

    /// Refuses a field nobody asked for.
    pub(crate) fn done(&self) -> Result<(), Malformed> {
        let asked = self.asked.borrow();
        match self.map.keys().find(|name| !asked.contains(name.as_str())) {
            Some(name) => Err(Malformed::new(&self.at(name), "is not a known field")),
            None => Ok(()),
        }
    }

    /// Returns every field: for maps whose names are data.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'j str, &'j Json)> {
        self.map.iter().map(|(name, json)| (name.as_str(), json))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'j Json> {
        let (name, json) = self.map.get_key_value(name)?;
        self.asked.borrow_mut().insert(name);
        Some(json)
    }

    pub(crate) fn need(&self, name: &str) -> Result<&'j Json, Malformed> {
        self.get(name)
            .ok_or_else(|| Malformed::new(&self.at(name), "is missing"))
    }

    pub(crate) fn str(&self, name: &str) -> Result<&'j str, Malformed> {
        self.text_of(name, self.need(name)?)
    }

    pub(crate) fn bool(&self, name: &str) -> Result<bool, Malformed> {
        let Json::Bool(truth) = self.need(name)? else {
            return Err(Malformed::new(&self.at(name), "must be true or false"));
        };
        Ok(*truth)
    }

    /// Reads a whole number into any type it fits.
    pub(crate) fn int<T: TryFrom<i64>>(&self, name: &str) -> Result<T, Malformed> {
        let Json::Int(int) = self.need(name)? else {
            return Err(Malformed::new(&self.at(name), "must be a whole number"));
        };
        T::try_from(*int).map_err(|_range| Malformed::new(&self.at(name), "is out of range"))
    }

    /// Reads anything that is written as its name.
    pub(crate) fn parse<T: FromStr<Err: ToString>>(&self, name: &str) -> Result<T, Malformed> {
        let text = self.str(name)?;
        text.parse()
            .map_err(|error: T::Err| Malformed::new(&self.at(name), error.to_string()))
    }

    /// Reads one of these names.
    pub(crate) fn one_of<T: Copy>(&self, name: &str, names: &[(&str, T)]) -> Result<T, Malformed> {
        let text = self.str(name)?;
        let found = names.iter().find(|(known, _)| *known == text);
        found
            .map(|(_, value)| *value)
            .ok_or_else(|| Malformed::new(&self.at(name), format!("{text:?} is not known")))
    }

    pub(crate) fn both(&self, name: &str) -> Result<Text, Malformed> {
        let object = self.object(name)?;
        let zh = object.str("zh")?;
        let text = match object.get("en") {
            Some(json) => Text::both(zh, object.text_of("en", json)?),
            None => Text::zh(zh),
        };
        object.done()?;
        Ok(text)
    }

    pub(crate) fn object(&self, name: &str) -> Result<Self, Malformed> {
        Self::new(self.need(name)?, &self.at(name))
    }

    pub(crate) fn list(&self, name: &str) -> Result<&'j [Json], Malformed> {
        let Json::List(values) = self.need(name)? else {
            return Err(Malformed::new(&self.at(name), "must be a list"));
        };
        Ok(values)
    }

    /// Reads a list of maps with `read`.
    pub(crate) fn objects<T>(
        &self,
        name: &str,
        read: impl Fn(&Self) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        let at = self.at(name);
        let read_one = |(index, json): (usize, &'j Json)| {
            let object = Self::new(json, &format!("{at}.{index}"))?;
            let value = read(&object)?;
            object.done()?;
            Ok(value)
        };
        self.list(name)?.iter().enumerate().map(read_one).collect()
    }

    /// Reads a list of names.
    pub(crate) fn names<T: FromStr<Err: ToString>>(&self, name: &str) -> Result<Vec<T>, Malformed> {
        let at = self.at(name);
        let read = |json: &'j Json| {
            let text = self.text_of(name, json)?;
            text.parse()
                .map_err(|error: T::Err| Malformed::new(&at, error.to_string()))
        };
        self.list(name)?.iter().map(read).collect()
    }

    /// Returns the full name of a field, for refusals.
    pub(crate) fn at(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    pub(crate) fn text_of(&self, name: &str, json: &'j Json) -> Result<&'j str, Malformed> {
        let Json::Text(text) = json else {
            return Err(Malformed::new(&self.at(name), "must be a text"));
        };
        Ok(text)
    }
}
