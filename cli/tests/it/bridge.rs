//! From a folder to the plan that the compiler makes of it.

use onward::kind::Kind;
use onward::plan::{Migration, Statement};
use onward::{Plan, Version};

use crate::Outcome;
use crate::support::{FOLDER, SHOP};

#[test]
fn the_binary_carries_the_same_plan_as_the_folder() -> Outcome {
    let folder = std::path::Path::new("..").join(FOLDER);
    let read = onward_cli::plan(&folder)?;
    let (built, read) = (effects(&SHOP), effects(&read));
    assert_eq!(built, read);
    assert!(
        built.iter().any(|line| line.contains("AccessExclusive")),
        "{built:?}"
    );
    Ok(())
}

/// All statements with their effects, as the plan gives them by version.
fn effects(plan: &Plan) -> Vec<String> {
    fn versions<K: Kind>(all: &'static [Migration<K>]) -> impl Iterator<Item = Version> {
        all.iter().map(Migration::version)
    }
    let versions = versions(plan.startup())
        .chain(versions(plan.seed()))
        .chain(versions(plan.release()))
        .chain(versions(plan.data()));
    let statements = versions.flat_map(|version| plan.statements(version).unwrap_or_default());
    statements
        .map(|one: &Statement| format!("{one:?}"))
        .collect()
}
