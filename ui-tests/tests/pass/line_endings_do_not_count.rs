static LF: onward::Plan = onward::embed_migrations!("ui-tests/migrations/line_endings_lf");
static CRLF: onward::Plan = onward::embed_migrations!("ui-tests/migrations/line_endings_crlf");

fn main() {
    assert_eq!(LF.startup()[0].checksum(), CRLF.startup()[0].checksum());
    assert_eq!(LF.digest(), CRLF.digest());
}
