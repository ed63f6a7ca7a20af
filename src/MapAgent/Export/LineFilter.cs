using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace MapAgent.Export;

/// <summary>
/// Passes an exposition on, line by line, without <c>_created</c> samples and end marks. The exporter dates every counter from
/// when its provider was built, which is neither when the counted thing began nor the same in the next generation.
/// </summary>
internal sealed class LineFilter(Stream output) : Stream
{
    private readonly MemoryStream _partial = new();

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        int kept = 0;
        int at = 0;
        while (buffer[at..].IndexOf((byte)'\n') is >= 0 and int length)
        {
            int next = at + length + 1;
            if (_partial.Length > 0)
            {
                _partial.Write(buffer[..next]);
                Pass(_partial.GetBuffer().AsSpan(0, (int)_partial.Length));
                _partial.SetLength(0);
                kept = next;
            }
            else if (IsUnwanted(buffer[at..next]))
            {
                output.Write(buffer[kept..at]);
                kept = next;
            }

            at = next;
        }

        output.Write(buffer[kept..at]);
        _partial.Write(buffer[at..]);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private void Pass(ReadOnlySpan<byte> line)
    {
        if (!IsUnwanted(line))
        {
            output.Write(line);
        }
    }

    private static bool IsUnwanted(ReadOnlySpan<byte> line)
    {
        if (line[0] == '#')
        {
            return line.SequenceEqual("# EOF\n"u8);
        }

        int name = line.IndexOfAny((byte)'{', (byte)' ');
        return name > 0 && line[..name].EndsWith("_created"u8);
    }
}
