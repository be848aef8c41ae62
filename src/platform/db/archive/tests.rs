use std::io::Cursor;

use super::{ArchiveError, Frame, In, Kind, Out};

fn two_frames() -> Vec<u8> {
    let mut out = Out::new(Vec::new()).unwrap();
    out.whole(Kind::Rows, "people", 2, "[1,\"Một\"]\n[2,null]\n".as_bytes()).unwrap();
    out.whole(Kind::End, "", 0, b"{}").unwrap();
    out.into_inner()
}

fn read(bytes: &[u8]) -> Result<Vec<(Frame, String)>, ArchiveError> {
    let mut archive = In::new(Cursor::new(bytes))?;
    let mut found = Vec::new();
    loop {
        let frame = archive.frame()?;
        let text = archive.text(&frame)?;
        let is_end = frame.kind == Kind::End;
        found.push((frame, text));
        if is_end {
            assert!(archive.is_at_end().unwrap());
            return Ok(found);
        }
    }
}

#[test]
fn what_is_written_is_read() {
    let found = read(&two_frames()).unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].0, Frame { kind: Kind::Rows, name: "people".to_owned(), rows: 2, bytes: 21 });
    assert_eq!(found[0].1, "[1,\"Một\"]\n[2,null]\n");
}

#[test]
fn every_changed_byte_and_every_cut_is_seen() {
    let whole = two_frames();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        assert!(read(&changed).is_err(), "a change at byte {at} was not seen");
        assert!(read(&whole[..at]).is_err(), "a cut at byte {at} was not seen");
    }
}

#[test]
fn frames_cannot_be_taken_out_or_swapped() {
    let mut out = Out::new(Vec::new()).unwrap();
    let first = out.inner_len();
    out.whole(Kind::Rows, "a", 1, b"[1]\n").unwrap();
    let second = out.inner_len();
    out.whole(Kind::Rows, "b", 1, b"[2]\n").unwrap();
    let third = out.inner_len();
    out.whole(Kind::End, "", 0, b"{}").unwrap();
    let whole = out.into_inner();
    let without = [&whole[..first], &whole[second..]].concat();
    let swapped = [&whole[..first], &whole[second..third], &whole[first..second], &whole[third..]].concat();
    assert!(read(&whole).is_ok());
    assert!(read(&without).is_err());
    assert!(read(&swapped).is_err());
}

#[test]
fn a_file_that_shrinks_while_it_is_copied_stops_the_backup() {
    let mut out = Out::new(Vec::new()).unwrap();
    let frame = Frame { kind: Kind::File, name: "x".to_owned(), rows: 0, bytes: 10 };
    assert!(matches!(out.copied(&frame, &mut &b"123"[..]), Err(ArchiveError::Io(_))));
}
