//! The command line of a program that has its plans: the same verbs, and the names of modules in place of folders.

use std::any::TypeId;
use std::ffi::OsString;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};
use clap::{Arg, Command, CommandFactory as _, FromArgMatches as _};
use onward::Plan;

use crate::args::{Args, EXIT_STATUS};
use crate::module::Module;

/// How the help of a verb that reads files begins.
const NEEDS_FOLDER: &str =
    "Reads the files of a module, which this program does not have: name their folder.";

impl Args {
    /// Reads a command line for these plans; without plans it names folders.
    ///
    /// # Errors
    ///
    /// What is wrong with the command line, or the help that it asks for.
    ///
    /// ```
    /// static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
    ///
    /// let args = onward_cli::Args::try_parse_for(&[&AUTH], ["shop-operator", "status", "--url", "postgres://localhost/app"]);
    /// assert!(args.is_ok());
    /// ```
    pub fn try_parse_for<I>(plans: &[&Plan], arguments: I) -> Result<Self, clap::Error>
    where
        I: IntoIterator,
        I::Item: Into<OsString> + Clone,
    {
        let mut command = command(kept(plans));
        let matches = command.try_get_matches_from_mut(arguments)?;
        Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    }
}

/// The plans for as long as the process lives: its command line holds them.
pub(crate) fn kept(plans: &[&Plan]) -> &'static [Plan] {
    let plans: Vec<Plan> = plans.iter().map(|plan| **plan).collect();
    plans.leak()
}

/// The command with its verbs, for these plans.
pub(crate) fn command(plans: &'static [Plan]) -> Command {
    match plans {
        [] => Args::command(),
        plans => with_modules(Args::command(), plans)
            .about("Applies the migrations of this program to a database, and shows its state")
            .after_help(EXIT_STATUS),
    }
}

fn is_a<T: 'static>(arg: &Arg) -> bool {
    arg.get_value_parser().type_id() == TypeId::of::<T>()
}

fn with_modules(command: Command, plans: &'static [Plan]) -> Command {
    let ids = |is_one: fn(&Arg) -> bool| -> Vec<_> {
        let found = command.get_arguments().filter(|arg| is_one(arg));
        found.map(|arg| arg.get_id().clone()).collect()
    };
    let modules = ids(is_a::<Module>);
    let folders = ids(|arg| arg.is_positional() && is_a::<std::path::PathBuf>(arg));
    let command = match folders.is_empty() {
        true => command,
        false => command.before_help(NEEDS_FOLDER),
    };
    let command = { modules.into_iter() }.fold(command, |command, id| {
        command.mut_arg(id, |arg| as_option(arg, plans))
    });
    command.mut_subcommands(|verb| with_modules(verb, plans))
}

/// The folder of a verb becomes a module of the program: all of them unless one is named, where the verb takes several.
fn as_option(arg: Arg, plans: &'static [Plan]) -> Arg {
    let takes_several = matches!(arg.get_action(), clap::ArgAction::Append);
    let values = plans.iter().map(|plan| {
        let help = format!("The plan of {}", plan.folder());
        PossibleValue::new(plan.schema()).help(help)
    });
    let parser = PossibleValuesParser::new(values).map(move |name| module(&name, plans));
    // Built from nothing, so that what holds for a folder does not hold for it.
    let arg = Arg::new(arg.get_id().clone())
        .action(arg.get_action().clone())
        .long("module")
        .value_name("MODULE")
        .num_args(1)
        .value_parser(parser);
    match (takes_several, plans) {
        (true, _) => arg
            .required(false)
            .default_values(plans.iter().map(|plan| plan.schema()))
            .hide_default_value(true)
            .help("Module of this program; may be repeated. Default: all of them, in their order"),
        (false, [only]) => arg
            .required(false)
            .default_value(only.schema())
            .help("Module of this program"),
        (false, _) => arg.required(true).help("Module of this program"),
    }
}

/// The values that clap accepts are the names of the plans.
fn module(name: &str, plans: &'static [Plan]) -> Module {
    let plan = plans.iter().find(|plan| plan.schema() == name);
    plan.map_or_else(
        || Module::Folder(name.into()),
        |plan| Module::Plan(Box::new(*plan)),
    )
}
