//! `onward rules`: the list.

use serde_json::Value;

use crate::Outcome;
use crate::support::onward;

#[tokio::test]
async fn rules_are_listed_with_their_severities_and_aliases() -> Outcome {
    let ended = onward(&["rules", "--format", "json"]).await?;
    let rules: Value = serde_json::from_str(&ended.out)?;
    let rules = rules.as_array().ok_or("a list")?;
    assert_eq!(rules.len(), onward_analyzer::RULES.len());
    let rule = rules.iter().find(|rule| rule["id"] == "drop-column");
    let rule = rule.ok_or("there is such a rule")?;
    assert_eq!(
        rule["severities"],
        serde_json::json!({ "startup": "forbid", "release": "deny", "seed": null, "data": "forbid" })
    );
    assert_eq!(rule["group"], "compatibility");
    assert!(rule["summary"].is_string());
    let aliases = rule["aliases"].as_array().ok_or("a list")?;
    assert!(aliases.contains(&"ban-drop-column".into()));
    let text = onward(&["rules"]).await?;
    assert_eq!(text.out.lines().count(), rules.len());
    Ok(())
}
