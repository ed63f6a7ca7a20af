using System;

namespace MapAgent.Procfs;

/// <summary>
/// A file of a process in pieces of whole lines, however long it is: maps and smaps of 60,000 mappings are never held at once.
/// </summary>
internal ref struct LineStream
{
    private readonly ProcReader _reader;
    private readonly int _file;
    private readonly byte[] _buffer;
    private int _length;
    private int _given;

    /// <summary>Takes over an open file; less than 0 for none.</summary>
    public LineStream(ProcReader reader, int file, byte[] buffer)
    {
        _reader = reader;
        _file = file;
        _buffer = buffer;
        Outcome = ReadOutcome.Ok;
    }

    /// <summary>How reading ended; Malformed when the last line was cut or one is longer than the buffer.</summary>
    public ReadOutcome Outcome { get; private set; }

    /// <summary>Bytes read so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Reads on.</summary>
    /// <param name="lines">One line or more, whole, each with its newline. Valid until the next call.</param>
    /// <returns>False at the end.</returns>
    public bool Next(out ReadOnlySpan<byte> lines)
    {
        lines = default;
        _buffer.AsSpan(_given, _length - _given).CopyTo(_buffer);
        _length -= _given;
        _given = 0;
        while (_file >= 0 && Outcome == ReadOutcome.Ok)
        {
            if (_length == _buffer.Length)
            {
                Outcome = ReadOutcome.Malformed;
                return false;
            }

            Outcome = _reader.Read(_file, _buffer.AsSpan(_length), out int size);
            if (Outcome != ReadOutcome.Ok)
            {
                return false;
            }

            if (size == 0)
            {
                Outcome = _length == 0 ? ReadOutcome.Ok : ReadOutcome.Malformed;
                return false;
            }

            Bytes += size;
            int end = _buffer.AsSpan(_length, size).LastIndexOf((byte)'\n');
            _given = end < 0 ? 0 : _length + end + 1;
            _length += size;
            if (_given > 0)
            {
                lines = _buffer.AsSpan(0, _given);
                return true;
            }
        }

        return false;
    }

    /// <summary>Closes the file.</summary>
    public readonly void Dispose()
    {
        if (_file >= 0)
        {
            Libc.Close(_file);
        }
    }
}
