//! Reads just enough of a protobuf file to say which fields it has.

/// A protobuf file, as far as the rules look at it.
#[derive(Debug, Default)]
pub(crate) struct Proto {
    /// The files it imports.
    pub(crate) imports: Vec<String>,
    /// Every field of every message.
    pub(crate) fields: Vec<Field>,
}

/// A field of a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Field {
    /// The innermost message it stands in.
    pub(crate) message: String,
    /// Its type.
    pub(crate) kind: String,
    /// Its name.
    pub(crate) name: String,
}

/// Reads imports and fields; comments, enums and services are passed over.
pub(crate) fn read(text: &str) -> Proto {
    let mut proto = Proto::default();
    let mut open: Vec<(String, String)> = Vec::new();
    let bare: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join(" ");
    let mut statement = String::new();
    for character in bare.chars() {
        match character {
            '{' => {
                let mut words = statement.split_whitespace().map(str::to_owned);
                let kind = words.next().unwrap_or_default();
                open.push((kind, words.next().unwrap_or_default()));
                statement.clear();
            }
            '}' => {
                open.pop();
                statement.clear();
            }
            ';' => {
                take(&mut proto, &open, &statement);
                statement.clear();
            }
            other => statement.push(other),
        }
    }
    proto
}

fn take(proto: &mut Proto, open: &[(String, String)], statement: &str) {
    let words: Vec<&str> = statement.split_whitespace().collect();
    match (words.first(), open.last()) {
        (Some(&"import"), None) => proto
            .imports
            .extend(words.last().map(|path| (*path).to_owned())),
        (Some(_), Some((kind, _))) if kind == "message" || kind == "oneof" => {
            let message = open.iter().rev().find(|(kind, _)| kind == "message");
            let (left, _) = statement.split_once('=').unwrap_or((statement, ""));
            let mut left: Vec<&str> = left.split_whitespace().collect();
            let name = left.pop().unwrap_or_default().to_owned();
            left.retain(|word| !["optional", "repeated"].contains(word));
            if left.first() == Some(&"reserved") || words.first() == Some(&"reserved") {
                return;
            }
            proto.fields.push(Field {
                message: message.map_or_else(String::new, |(_, name)| name.clone()),
                kind: left.concat(),
                name,
            });
        }
        _ => {}
    }
}

/// Says whether a name could be that of an item key, whole words considered.
pub(crate) fn like_an_item_key(name: &str) -> bool {
    let mut snake = String::new();
    for character in name.chars() {
        if character.is_uppercase() {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
    }
    let suspect = [
        "key",
        "keys",
        "correct",
        "solution",
        "right",
        "rationale",
        "is_true",
        "points_if",
    ];
    let words: Vec<&str> = snake.split('_').filter(|word| !word.is_empty()).collect();
    words.iter().any(|word| suspect.contains(word))
}

#[test]
fn fields_are_found_in_messages_and_oneofs_and_nowhere_else() {
    let proto = read(
        "import \"a.proto\"; enum E { E_UNSET = 0; } // bytes key = 9;\n\
         message M { repeated string names = 1; oneof x { map<string, int32> m = 2; } reserved 4; }",
    );
    let found: Vec<_> = proto
        .fields
        .iter()
        .map(|f| (f.kind.as_str(), f.name.as_str()))
        .collect();
    assert_eq!(found, [("string", "names"), ("map<string,int32>", "m")]);
    assert_eq!(proto.imports.len(), 1);
    for name in [
        "item_key",
        "ItemKey",
        "keys",
        "answer_key",
        "correct_option",
    ] {
        assert!(like_an_item_key(name), "{name}");
    }
    for name in ["monkey", "keyboard", "seq", "revision"] {
        assert!(!like_an_item_key(name), "{name}");
    }
}
