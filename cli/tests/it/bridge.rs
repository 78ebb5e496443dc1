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

/// What a squash has written is in both.
#[test]
fn a_baseline_is_in_the_plan_however_it_is_built() -> Outcome {
    static BUILT: Plan = onward::embed_migrations!("tests/fixtures/squashed");
    let read = onward_cli::plan(std::path::Path::new("../tests/fixtures/squashed"))?;
    let baseline = |plan: &Plan| {
        let text = format!("{plan:?}");
        let (_, baseline) = text.rsplit_once("baseline: ").unwrap_or_default();
        baseline.to_owned()
    };
    assert!(baseline(&BUILT).starts_with("Some(Baseline { through: "));
    assert_eq!(baseline(&BUILT), baseline(&read));
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
