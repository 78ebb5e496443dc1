//! `onward explain`: the page of a rule.

use crate::Outcome;
use crate::support::onward;

#[tokio::test]
async fn explain_knows_what_others_call_a_rule() -> Outcome {
    let own = onward(&["explain", "drop-column"]).await?;
    assert!(own.out.starts_with("# drop-column\n"), "{}", own.out);
    let alias = onward(&["explain", "ban-drop-column"]).await?;
    assert!(
        alias
            .out
            .starts_with("`ban-drop-column` is `drop-column` here.\n\n# drop-column")
    );
    assert_eq!((own.status, alias.status), (Some(0), Some(0)));
    let wrong = onward(&["explain", "drop-colum"]).await?;
    assert_eq!(wrong.status, Some(2));
    assert!(
        wrong.err.contains("did you mean `drop-column`?"),
        "{}",
        wrong.err
    );
    Ok(())
}

#[tokio::test]
async fn programs_get_the_page_with_what_is_known_of_the_rule() -> Outcome {
    let json = onward(&["explain", "ban-drop-constraint", "--format", "json"]).await?;
    let json = json.with(0).json()?;
    let ids: Vec<_> = json["rules"]
        .as_array()
        .ok_or("a list")?
        .iter()
        .map(|rule| &rule["id"])
        .collect();
    assert_eq!(ids, ["drop-constraint", "drop-key"]);
    assert!(
        json["rules"][0]["page"]
            .as_str()
            .is_some_and(|page| page.starts_with("# drop-constraint"))
    );
    onward(&["explain", "DROP-COLUMN"])
        .await?
        .with(2)
        .says(&["did you mean `drop-column`?"]);
    Ok(())
}
