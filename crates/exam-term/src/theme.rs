//! Looks: what a role such as "saved" or "danger" looks like in the chosen theme.
//!
//! A colour never says more than a word or a mark beside it does (WCAG 1.4.1), so every role whose
//! look matters also has a modifier, and everything stays legible without colours. Widgets name
//! roles; only this file names colours. Colours are of the Okabe-Ito family, darkened or lightened
//! until they reach the contrast the tests ask for.

use crate::glyphs::Glyphs;
use ratatui::style::{Color, Modifier, Style};

/// How many colours the terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None: `NO_COLOR`, or a terminal without.
    None,
    /// The sixteen named ones.
    Sixteen,
    /// The 256 indexed ones.
    Indexed,
    /// All.
    True,
}

impl Depth {
    /// Judges by the environment, read through `variable`.
    pub fn detect(variable: impl Fn(&str) -> Option<String>) -> Self {
        let filled = |name: &str| variable(name).filter(|value| !value.is_empty());
        if filled("NO_COLOR").is_some() {
            return Self::None;
        }
        let term = filled("TERM").unwrap_or_default();
        let colour = filled("COLORTERM").unwrap_or_default();
        if term == "dumb" {
            Self::None
        } else if colour == "truecolor" || colour == "24bit" || term.ends_with("-direct") {
            Self::True
        } else if term.contains("256") || term.starts_with("foot") {
            Self::Indexed
        } else {
            Self::Sixteen
        }
    }
}

/// The themes a person can choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum ThemeKind {
    /// Dark on white.
    #[default]
    Light,
    /// Light on near black.
    Dark,
    /// White and yellow on black.
    HighContrast,
    /// Dark on pale yellow.
    Yellow,
    /// The terminal's own two colours.
    Plain,
}

impl ThemeKind {
    /// Returns the theme that comes next when a person leafs through them.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Light => Self::Dark,
            Self::Dark => Self::HighContrast,
            Self::HighContrast => Self::Yellow,
            Self::Yellow => Self::Plain,
            Self::Plain => Self::Light,
        }
    }
}

/// What a piece of text is, for its look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reading text.
    Text,
    /// The question, a heading, the focus.
    Strong,
    /// Frames, rules, labels.
    Dim,
    /// The one accent: keys in the hint line, the clock.
    Accent,
    /// The cursor's line or cell.
    Selected,
    /// Something is safe: saved.
    Good,
    /// Something waits: unsent, flagged.
    Waiting,
    /// Loss threatens.
    Danger,
    /// A notice across a row.
    Notice,
    /// A field to type in.
    Field,
    /// The field that takes the keys.
    FieldFocus,
}

impl Role {
    /// All roles, for tests and pictures.
    pub const ALL: [Self; 11] = [
        Self::Text,
        Self::Strong,
        Self::Dim,
        Self::Accent,
        Self::Selected,
        Self::Good,
        Self::Waiting,
        Self::Danger,
        Self::Notice,
        Self::Field,
        Self::FieldFocus,
    ];

    const fn modifier(self) -> Modifier {
        match self {
            Self::Text | Self::Dim | Self::Good => Modifier::empty(),
            Self::Strong | Self::Accent | Self::Waiting => Modifier::BOLD,
            Self::Selected | Self::Notice => Modifier::REVERSED,
            Self::Danger => Modifier::BOLD.union(Modifier::REVERSED),
            Self::Field => Modifier::UNDERLINED,
            Self::FieldFocus => Modifier::UNDERLINED.union(Modifier::BOLD),
        }
    }
}

/// Red, green and blue, and the nearest of the sixteen named colours.
#[derive(Debug, Clone, Copy)]
struct Hue(u8, u8, u8, Color);

#[derive(Debug, Clone, Copy)]
struct Palette {
    paper: Hue,
    ink: Hue,
    dim: Hue,
    accent: Hue,
    good: Hue,
    waiting: Hue,
    danger: Hue,
}

const LIGHT: Palette = Palette {
    paper: Hue(0xff, 0xff, 0xff, Color::White),
    ink: Hue(0x1a, 0x1a, 0x1a, Color::Black),
    dim: Hue(0x5a, 0x5a, 0x5a, Color::Black),
    accent: Hue(0x00, 0x64, 0x9e, Color::Blue),
    good: Hue(0x00, 0x6b, 0x4e, Color::Black),
    waiting: Hue(0x80, 0x55, 0x00, Color::Black),
    danger: Hue(0xa8, 0x3a, 0x00, Color::Red),
};
const DARK: Palette = Palette {
    paper: Hue(0x10, 0x14, 0x18, Color::Black),
    ink: Hue(0xe8, 0xe8, 0xe8, Color::White),
    dim: Hue(0xa4, 0xa4, 0xa4, Color::Gray),
    accent: Hue(0x56, 0xb4, 0xe9, Color::Cyan),
    good: Hue(0x4f, 0xc3, 0xa1, Color::Green),
    waiting: Hue(0xe6, 0x9f, 0x00, Color::Yellow),
    danger: Hue(0xff, 0x8a, 0x5c, Color::LightRed),
};
const HIGH: Palette = Palette {
    paper: Hue(0x00, 0x00, 0x00, Color::Black),
    ink: Hue(0xff, 0xff, 0xff, Color::White),
    dim: Hue(0xff, 0xff, 0xff, Color::White),
    accent: Hue(0xff, 0xff, 0x00, Color::LightYellow),
    good: Hue(0x80, 0xff, 0xd4, Color::LightGreen),
    waiting: Hue(0xff, 0xd0, 0x60, Color::LightYellow),
    danger: Hue(0xff, 0xb0, 0x90, Color::LightRed),
};
const YELLOW: Palette = Palette {
    paper: Hue(0xff, 0xf6, 0xc8, Color::LightYellow),
    ink: Hue(0x1a, 0x1a, 0x1a, Color::Black),
    dim: Hue(0x54, 0x54, 0x4a, Color::Black),
    accent: Hue(0x00, 0x52, 0x8a, Color::Blue),
    good: Hue(0x00, 0x5c, 0x42, Color::Black),
    waiting: Hue(0x6e, 0x48, 0x00, Color::Black),
    danger: Hue(0x96, 0x30, 0x00, Color::Red),
};

/// A theme at the depth the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    kind: ThemeKind,
    depth: Depth,
}

impl Theme {
    /// A theme; without colours every kind is the plain one.
    pub const fn new(kind: ThemeKind, depth: Depth) -> Self {
        Self { kind, depth }
    }

    /// Returns which of the themes it is.
    pub const fn kind(self) -> ThemeKind {
        self.kind
    }

    /// Returns the next theme at the same depth.
    #[must_use]
    pub const fn next(self) -> Self {
        Self::new(self.kind.next(), self.depth)
    }

    /// Says whether it uses colours at all.
    pub fn has_colour(self) -> bool {
        self.palette().is_some() && self.depth > Depth::None
    }

    /// Returns the style of a role.
    pub fn style(self, role: Role) -> Style {
        let style = Style::new().add_modifier(role.modifier());
        let Some(palette) = self.palette().filter(|_| self.has_colour()) else {
            return style;
        };
        let hue = match role {
            Role::Text | Role::Strong | Role::Selected | Role::Field => palette.ink,
            Role::Dim => palette.dim,
            Role::Accent | Role::Notice | Role::FieldFocus => palette.accent,
            Role::Good => palette.good,
            Role::Waiting => palette.waiting,
            Role::Danger => palette.danger,
        };
        style.fg(self.colour(hue)).bg(self.colour(palette.paper))
    }

    const fn palette(self) -> Option<Palette> {
        match self.kind {
            ThemeKind::Light => Some(LIGHT),
            ThemeKind::Dark => Some(DARK),
            ThemeKind::HighContrast => Some(HIGH),
            ThemeKind::Yellow => Some(YELLOW),
            ThemeKind::Plain => None,
        }
    }

    fn colour(self, Hue(red, green, blue, named): Hue) -> Color {
        match self.depth {
            Depth::None => Color::Reset,
            Depth::Sixteen => named,
            Depth::Indexed => Color::Indexed(indexed(red, green, blue)),
            Depth::True => Color::Rgb(red, green, blue),
        }
    }
}

/// Returns the nearest entry of the 256-colour cube or its ramp of greys.
fn indexed(red: u8, green: u8, blue: u8) -> u8 {
    let spread = red.max(green).max(blue) - red.min(green).min(blue);
    if spread < 12 {
        // The ramp has 24 steps of 10 from 8 up; white and black are in the cube.
        return match red {
            0..4 => 16,
            4..244 => 232 + ((u16::from(red).saturating_sub(3)) / 10).min(23) as u8,
            244.. => 231,
        };
    }
    // The cube's levels are 0, 95, 135, 175, 215 and 255.
    let level = |part: u8| match part {
        0..48 => 0,
        48..115 => 1,
        _ => (part - 35) / 40,
    };
    16 + 36 * level(red) + 6 * level(green) + level(blue)
}

/// How to draw on this terminal: its theme and what its glyphs do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The theme.
    pub theme: Theme,
    /// What the terminal does with doubtful glyphs.
    pub glyphs: Glyphs,
}

impl Look {
    /// A look without colours on a terminal without surprises, as tests use it.
    pub fn plain() -> Self {
        Self {
            theme: Theme::new(ThemeKind::Plain, Depth::None),
            glyphs: Glyphs::default(),
        }
    }

    /// Returns the style of a role.
    pub fn style(self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// Returns the style of emphasised text within a role.
    pub fn emphasis(self, role: Role) -> Style {
        self.style(role)
            .add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(Hue(red, green, blue, _): Hue) -> f64 {
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue)
    }

    fn contrast(one: Hue, other: Hue) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        (one / other).max(other / one)
    }

    #[test]
    fn every_colour_reaches_the_contrast_of_wcag() {
        for (palette, least) in [(LIGHT, 4.5), (DARK, 4.5), (HIGH, 7.0), (YELLOW, 4.5)] {
            let Palette {
                paper,
                ink,
                dim,
                accent,
                good,
                waiting,
                danger,
            } = palette;
            assert!(contrast(ink, paper) >= 7.0);
            for hue in [dim, accent, good, waiting, danger] {
                let reached = contrast(hue, paper);
                assert!(reached >= least, "{hue:?} on {paper:?}: {reached:.2}");
            }
        }
    }

    #[test]
    fn roles_that_must_be_told_apart_differ_without_colours() {
        let plain = Theme::new(ThemeKind::Dark, Depth::None);
        assert!(!plain.has_colour());
        for role in [
            Role::Selected,
            Role::Danger,
            Role::Notice,
            Role::Strong,
            Role::FieldFocus,
        ] {
            assert_ne!(plain.style(role), plain.style(Role::Text), "{role:?}");
        }
        assert_ne!(plain.style(Role::Field), plain.style(Role::FieldFocus));
        assert_ne!(plain.style(Role::Danger), plain.style(Role::Notice));
    }

    #[test]
    fn no_color_wins_over_everything_and_is_off_when_empty() {
        let of = |pairs: &'static [(&str, &str)]| {
            Depth::detect(move |name| {
                let pair = pairs.iter().find(|(own, _)| *own == name)?;
                Some(pair.1.to_owned())
            })
        };
        assert_eq!(
            of(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]),
            Depth::None
        );
        assert_eq!(
            of(&[("NO_COLOR", ""), ("COLORTERM", "truecolor")]),
            Depth::True
        );
        assert_eq!(of(&[("TERM", "xterm-256color")]), Depth::Indexed);
        assert_eq!(of(&[("TERM", "linux")]), Depth::Sixteen);
        assert_eq!(of(&[("TERM", "dumb")]), Depth::None);
    }

    #[test]
    fn leafing_through_the_themes_comes_round() {
        let mut theme = Theme::new(ThemeKind::Light, Depth::True);
        for _ in 0..5 {
            theme = theme.next();
        }
        assert_eq!(theme.kind(), ThemeKind::Light);
    }

    #[test]
    fn the_256_colours_are_near() {
        assert_eq!(indexed(255, 255, 255), 231);
        assert_eq!(indexed(0, 0, 0), 16);
        assert_eq!(indexed(0x1a, 0x1a, 0x1a), 234);
        assert_eq!(indexed(0x56, 0xb4, 0xe9), 74);
        assert_eq!(indexed(0xff, 0xff, 0x00), 226);
    }
}
