//! The user's defaults: `config.toml` in the folder for settings, or the file `--config` names.
//!
//! ```toml
//! index = "/data/reports-index"   # every command's --index
//! jobs = 4                        # build, extract: --jobs
//! limit = 20                      # search: --limit
//! color = "never"                 # --color; NO_COLOR goes before it
//! ```
//!
//! What is given on the command line goes before it.

use clap::{Arg, Command};
use etcetera::BaseStrategy;
use paydirt::error::{Error, ErrorKind, Result};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Names of the settings, which are those of the options they are defaults of.
const NAMES: [&str; 4] = ["index", "jobs", "limit", "color"];

/// The settings of a file, as words of the command line.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Config {
    settings: Vec<(&'static str, String)>,
}

/// Where the settings are kept where no file is named.
fn usual_place() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    Some(strategy.config_dir().join("paydirt").join("config.toml"))
}

/// The file the arguments name: `--config FILE` or `--config=FILE`.
fn named(args: &[OsString]) -> Option<PathBuf> {
    let before = args.iter().take_while(|a| *a != "--");
    let mut found = None;
    let mut follows = false;
    for arg in before {
        if follows {
            found = Some(PathBuf::from(arg));
        }
        follows = arg == "--config";
        if let Some(path) = arg.to_str().and_then(|a| a.strip_prefix("--config=")) {
            found = Some(PathBuf::from(path));
        }
    }
    found
}

impl Config {
    /// Reads the settings that hold for these arguments.
    ///
    /// # Errors
    /// `Usage` where the file is not understood or, named, cannot be read.
    pub fn of(args: &[OsString]) -> Result<Config> {
        let (path, must) = match named(args) {
            Some(path) => (path, true),
            None => match usual_place() {
                Some(path) => (path, false),
                None => return Ok(Config::default()),
            },
        };
        match std::fs::read_to_string(&path) {
            Ok(text) => Config::parse(&text, &path),
            Err(error) if !must && error.kind() == std::io::ErrorKind::NotFound => Ok(Config::default()),
            Err(error) => Err(Error::new(ErrorKind::Usage, "cannot read the settings")
                .at(path.display())
                .because(error)),
        }
    }

    fn parse(text: &str, path: &Path) -> Result<Config> {
        let wrong = |what: String| {
            Error::new(ErrorKind::Usage, what)
                .at(path.display())
                .hint(format!("settings are {}, as in index = \"/data/reports-index\"", NAMES.join(", ")))
        };
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
            wrong("the settings are no TOML".to_string()).because(e.to_string().trim().replace('\n', "\n  "))
        })?;
        let mut settings = Vec::new();
        for (key, value) in &table {
            let Some(name) = NAMES.into_iter().find(|n| n == key) else {
                return Err(wrong(format!("there is no setting `{key}`")));
            };
            let text = match (name, value) {
                ("index", toml::Value::String(text)) if !text.is_empty() => home(text),
                ("color", toml::Value::String(text))
                    if ["auto", "always", "never"].contains(&text.as_str()) =>
                {
                    text.clone()
                }
                ("jobs", toml::Value::Integer(n)) if *n > 0 => n.to_string(),
                ("limit", toml::Value::Integer(n)) if *n >= 0 => n.to_string(),
                _ => return Err(wrong(format!("`{key}` cannot be {value}"))),
            };
            settings.push((name, text));
        }
        Ok(Config { settings })
    }

    /// The command with the settings as defaults of its options.
    pub fn applied(self, mut command: Command) -> Command {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        for (name, value) in self.settings {
            if name == "color" && no_color {
                continue;
            }
            // clap keeps defaults for as long as the program runs.
            let value: &'static str = Box::leak(value.into_boxed_str());
            let set = |arg: Arg| if arg.get_id() == name { arg.default_value(value) } else { arg };
            command = command.mut_args(set).mut_subcommands(|sub| sub.mut_args(set));
        }
        command
    }
}

/// A path with the user's folder for `~/`.
fn home(text: &str) -> String {
    let Some(rest) = text.strip_prefix("~/") else { return text.to_string() };
    let folder = etcetera::choose_base_strategy().ok();
    folder.map_or(text.to_string(), |s| s.home_dir().join(rest).display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_and_what_is_none_is_told() {
        let read = |text: &str| Config::parse(text, Path::new("config.toml"));
        let config = read("index = \"/data/i\"\njobs = 4\n").unwrap();
        assert_eq!(config.settings, [("index", "/data/i".to_string()), ("jobs", "4".to_string())]);
        for (text, why) in [
            ("indx = \"x\"", "there is no setting `indx`"),
            ("jobs = 0", "`jobs` cannot be 0"),
            ("jobs = \"many\"", "`jobs` cannot be \"many\""),
            ("index = ", "no TOML"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(why) && error.contains("hint: settings are"), "{error}");
        }
    }

    #[test]
    fn the_last_file_named_counts() {
        let args = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        assert_eq!(named(&args(&["paydirt", "--config", "a", "status"])), Some("a".into()));
        assert_eq!(named(&args(&["paydirt", "status", "--config=b"])), Some("b".into()));
        assert_eq!(named(&args(&["paydirt", "search", "--", "--config", "c"])), None);
    }
}
