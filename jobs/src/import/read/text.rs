//! CSV: encodings, separators, and records of which none may grow without bounds.

use std::{
    cell::Cell,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    rc::Rc,
};

use domain::{export::guard::unguard, limits, operator::Language, upload::ImportEncoding};
use encoding_rs::{DecoderResult, EUC_KR, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::{FileProblem, ReadError, Rows, Source, cpu_limit::CpuLimit, hidden};

const BUFFER: usize = 64 * 1024;

/// Decodes a file into UTF-8 while it is read; bytes that are invalid in the encoding are an error, never a replacement
/// character.
pub(super) struct Decoded {
    from: BufReader<File>,
    decoder: encoding_rs::Decoder,
    encoding: ImportEncoding,
    text: Box<[u8]>,
    start: usize,
    end: usize,
    over: bool,
    /// Bytes given out since a record began; beyond the limit the record is too large.
    given: Rc<Cell<u64>>,
    row: Rc<Cell<u32>>,
    cpu_limit: CpuLimit,
}

/// What the reader of records reports to the decoder that it reads from.
#[derive(Clone, Default)]
pub(super) struct Meter {
    given: Rc<Cell<u64>>,
    row: Rc<Cell<u32>>,
}

impl Meter {
    /// Another record begins.
    pub fn record(&self, row: u32) {
        self.given.set(0);
        self.row.set(row);
    }
}

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.start == self.end {
            if self.over {
                return Ok(0);
            }
            self.fill()?;
        }
        let length = buffer.len().min(self.end - self.start);
        buffer[..length].copy_from_slice(&self.text[self.start..self.start + length]);
        self.start += length;
        self.given.set(self.given.get() + length as u64);
        // Bytes that were read ahead belong to the records after this one.
        if self.given.get() > limits::IMPORT_ROW_BYTES + 4 * BUFFER as u64 {
            return Err(hidden(FileProblem::RowTooLarge { row: self.row.get(), max: limits::IMPORT_ROW_BYTES }));
        }
        Ok(length)
    }
}

impl Decoded {
    fn fill(&mut self) -> io::Result<()> {
        self.cpu_limit.check()?;
        let bytes = self.from.fill_buf()?;
        let last = bytes.is_empty();
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.text, last);
        self.from.consume(read);
        (self.start, self.end) = (0, written);
        match result {
            DecoderResult::Malformed(..) => Err(hidden(FileProblem::NotText { encoding: self.encoding })),
            DecoderResult::InputEmpty => {
                self.over = last;
                Ok(())
            }
            DecoderResult::OutputFull => Ok(()),
        }
    }
}

/// The file as UTF-8: in the encoding of its BOM, else in the chosen one, else in UTF-8 if the whole file is valid UTF-8, else in
/// the usual encoding of the reader's language.
pub(super) fn decoded(
    open: &impl Fn() -> io::Result<File>,
    source: &Source,
    cpu_limit: CpuLimit,
    meter: &Meter,
) -> Result<Decoded, ReadError> {
    let mut start = Vec::new();
    open()?.take(3).read_to_end(&mut start)?;
    let (encoding, word) = if let Some((encoding, _)) = Encoding::for_bom(&start) {
        (encoding, ImportEncoding::Utf8)
    } else {
        match (source.encoding, source.language) {
            (ImportEncoding::Gb18030, _) => (GB18030, ImportEncoding::Gb18030),
            (ImportEncoding::EucKr, _) => (EUC_KR, ImportEncoding::EucKr),
            (ImportEncoding::Auto, Language::Zh) if !is_utf8(open()?, cpu_limit)? => (GB18030, ImportEncoding::Gb18030),
            (ImportEncoding::Auto, Language::Ko) if !is_utf8(open()?, cpu_limit)? => (EUC_KR, ImportEncoding::EucKr),
            _ => (UTF_8, ImportEncoding::Utf8),
        }
    };
    debug_assert!([UTF_8, UTF_16LE, UTF_16BE, GB18030, EUC_KR].contains(&encoding));
    Ok(Decoded {
        from: BufReader::with_capacity(BUFFER, open()?),
        decoder: encoding.new_decoder_with_bom_removal(),
        encoding: word,
        // The longest output of a full buffer of input, with room for bytes that a decoder buffers.
        text: vec![0; BUFFER * 3 + 16].into_boxed_slice(),
        start: 0,
        end: 0,
        over: false,
        given: meter.given.clone(),
        row: meter.row.clone(),
        cpu_limit,
    })
}

fn is_utf8(mut file: impl Read, cpu_limit: CpuLimit) -> io::Result<bool> {
    let mut decoder = UTF_8.new_decoder_without_bom_handling();
    let (mut bytes, mut text) = (vec![0; BUFFER], vec![0; BUFFER * 3 + 16]);
    loop {
        cpu_limit.check()?;
        let read = file.read(&mut bytes)?;
        let (result, ..) = decoder.decode_to_utf8_without_replacement(&bytes[..read], &mut text, read == 0);
        match result {
            DecoderResult::Malformed(..) => return Ok(false),
            DecoderResult::InputEmpty | DecoderResult::OutputFull if read == 0 => return Ok(true),
            DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
        }
    }
}

/// The separator that the first line has most of, outside quotation marks.
fn separator(start: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in start {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            byte if !quoted => {
                for (separator, count) in &mut counts {
                    *count += u32::from(separator == byte);
                }
            }
            _ => {}
        }
    }
    // The first of equals: a file with a single column has no separator.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator)
}

pub(super) fn csv(
    open: impl Fn() -> io::Result<File>,
    source: &Source,
    cpu_limit: CpuLimit,
    rows: &mut Rows<'_>,
) -> Result<(), ReadError> {
    let meter = Meter::default();
    let mut start = Vec::new();
    decoded(&open, source, cpu_limit, &meter)?.take(BUFFER as u64).read_to_end(&mut start)?;
    meter.record(1);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(&start))
        .flexible(true)
        .has_headers(false)
        .buffer_capacity(BUFFER)
        .from_reader(decoded(&open, source, cpu_limit, &meter)?);
    let mut record = csv::StringRecord::new();
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "texts that are no CSV do not exist for this reader: what else fails is ours"
    )]
    let fault = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) => ReadError::from(error),
        other => ReadError::Fault(io::Error::other(format!("{other:?}"))),
    };
    let mut row = 0;
    while reader.read_record(&mut record).map_err(fault)? {
        row += 1;
        meter.record(row + 1);
        if row == 1 {
            let titles: Vec<String> = record.iter().map(|title| unguard(title).to_owned()).collect();
            rows.titles(&titles)?;
        } else {
            rows.row(row, record.iter().map(|cell| Some(unguard(cell).to_owned())).collect())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_found_outside_quotation_marks() {
        assert_eq!(separator(b"a,b;c,d\n;;;;;"), b',');
        assert_eq!(separator(b"\"a,b,c\";d\r\n"), b';');
        assert_eq!(separator(b"a\tb"), b'\t');
        assert_eq!(separator(b"username"), b',');
    }
}
