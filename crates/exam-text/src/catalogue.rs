//! The catalogues and how a message is found in them.
//!
//! Nothing here can panic: a message that is missing shows its id in ⟨⟩, and the tests prove that
//! none is missing. It does not wrap, pad or measure text; that is exam-term's.

use crate::{Args, Lang};
use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

type Bundle = FluentBundle<FluentResource>;

const ZH: [&str; 5] = [
    include_str!("../ftl/zh/state.ftl"),
    include_str!("../ftl/zh/refusal.ftl"),
    include_str!("../ftl/zh/kiosk.ftl"),
    include_str!("../ftl/zh/keys.ftl"),
    include_str!("../ftl/zh/command.ftl"),
];
const EN: [&str; 5] = [
    include_str!("../ftl/en/state.ftl"),
    include_str!("../ftl/en/refusal.ftl"),
    include_str!("../ftl/en/kiosk.ftl"),
    include_str!("../ftl/en/keys.ftl"),
    include_str!("../ftl/en/command.ftl"),
];

static CHINESE: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::Zh));
static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::En));

const fn sources(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

fn bundle(lang: Lang) -> Bundle {
    // A tag of ours always parses; the default (no plural rules of its own) is harmless.
    let locale: LanguageIdentifier = lang.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    // Fluent's isolation marks would land in cells of the terminal.
    bundle.set_use_isolating(false);
    for source in sources(lang) {
        // What can be read of a broken catalogue is better than none; a test refuses such a one.
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn bundle_of(lang: Lang) -> &'static Bundle {
    match lang {
        Lang::Zh => &CHINESE,
        Lang::En => &ENGLISH,
    }
}

/// Returns the words of `id` in `lang`, its blanks filled from `args`.
///
/// `id` is a message (`refusal-no-match`) or one of its attributes (`fault-usage.do`). An unknown
/// one comes back as itself in ⟨⟩; an argument that was not given shows as its name in braces.
pub fn say(id: &str, args: &Args<'_>, lang: Lang) -> String {
    find(id, args, lang).unwrap_or_else(|| format!("⟨{id}⟩"))
}

fn find(id: &str, args: &Args<'_>, lang: Lang) -> Option<String> {
    let bundle = bundle_of(lang);
    let (message, attribute) = match id.split_once('.') {
        Some((message, attribute)) => (bundle.get_message(message)?, Some(attribute)),
        None => (bundle.get_message(id)?, None),
    };
    let pattern = match attribute {
        Some(attribute) => message.get_attribute(attribute)?.value(),
        None => message.value()?,
    };
    let mut errors = Vec::new();
    let words = bundle.format_pattern(pattern, Some(args.fluent()), &mut errors);
    Some(words.into_owned())
}

/// Says whether the catalogue of `lang` has `id`.
pub fn has(id: &str, lang: Lang) -> bool {
    find(id, &Args::new(), lang).is_some()
}

/// Returns the ids of the catalogue of `lang`, attributes as `message.attribute`, in file order.
pub fn ids(lang: Lang) -> Vec<String> {
    let mut ids = Vec::new();
    let mut message = "";
    for line in sources(lang).iter().flat_map(|source| source.lines()) {
        let Some((head, _)) = line.split_once(" =") else {
            continue;
        };
        if let Some(attribute) = head.trim_start().strip_prefix('.') {
            ids.push(format!("{message}.{attribute}"));
        } else if head.starts_with(|first: char| first.is_ascii_lowercase()) {
            message = head;
            ids.push(head.to_owned());
        }
    }
    ids
}

/// What a person is told when a machine failed: three sentences, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What happened.
    pub what: String,
    /// Whether work is safe.
    pub safe: String,
    /// What to do.
    pub remedy: String,
}

/// Returns the three sentences of the fault `id` (`fault-…`) in `lang`.
pub fn trouble(id: &str, args: &Args<'_>, lang: Lang) -> Trouble {
    Trouble {
        what: say(id, args, lang),
        safe: say(&format!("{id}.safe"), args, lang),
        remedy: say(&format!("{id}.do"), args, lang),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_is_whole_and_names_nothing_twice() {
        for lang in Lang::ALL {
            let mut bundle = Bundle::new_concurrent(vec![LanguageIdentifier::default()]);
            for source in sources(lang) {
                let resource = FluentResource::try_new((*source).to_owned());
                let resource = resource.map_err(|(_, errors)| errors).unwrap();
                assert_eq!(bundle.add_resource(resource).err(), None);
            }
        }
    }

    #[test]
    fn an_unknown_id_shows_itself_and_does_not_panic() {
        let none = Args::new();
        assert_eq!(say("no-such-thing", &none, Lang::Zh), "⟨no-such-thing⟩");
        assert_eq!(
            say("fault-usage.nothing", &none, Lang::En),
            "⟨fault-usage.nothing⟩"
        );
        assert_eq!(say("", &none, Lang::En), "⟨⟩");
        assert_eq!(say(".", &none, Lang::En), "⟨.⟩");
        assert!(!has("no-such-thing", Lang::Zh));
    }

    #[test]
    fn an_argument_not_given_shows_its_name() {
        let words = say("head-seat", &Args::new(), Lang::En);
        assert_eq!(words, "Seat {$seat}");
    }

    #[test]
    fn numbers_are_plain_and_choose_the_plural() {
        let say_left =
            |count: i64| say("hand-in-left", &Args::new().count("count", count), Lang::En);
        assert!(say_left(1).starts_with("1 question is"));
        assert!(say_left(16).starts_with("16 questions are"));
        assert!(say_left(12_345).starts_with("12345 questions"));
    }
}
