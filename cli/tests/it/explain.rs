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
