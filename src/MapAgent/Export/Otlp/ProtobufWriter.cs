using System;
using System.Buffers.Binary;
using System.Text;

namespace MapAgent.Export.Otlp;

/// <summary>Protocol buffers as far as metrics need them, in a buffer that is used again.</summary>
internal sealed class ProtobufWriter
{
    // A length is always written in four bytes, so that nothing moves when it is known; readers take it as any other.
    private const int LengthBytes = 4;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private byte[] _buffer = new byte[64 * 1024];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    /// <summary>Takes back what was written after a place.</summary>
    public void TakeBack(int length) => Length = length;

    /// <summary>Begins a message or a packed list.</summary>
    /// <returns>To be given to <see cref="End"/>.</returns>
    public int Begin(int field)
    {
        Tag(field, Delimited);
        Room(LengthBytes);
        int start = Length;
        Length += LengthBytes;
        return start;
    }

    /// <summary>Ends what began there.</summary>
    public void End(int start)
    {
        int length = Length - start - LengthBytes;
        for (int i = 0; i < LengthBytes; i++)
        {
            _buffer[start + i] = (byte)((length & 0x7f) | (i < LengthBytes - 1 ? 0x80 : 0));
            length >>= 7;
        }
    }

    /// <summary>A text.</summary>
    public void Text(int field, string text)
    {
        Tag(field, Delimited);
        Room(5 + Encoding.UTF8.GetMaxByteCount(text.Length));
        if (text.Length <= 42)
        {
            // At most 126 bytes: the length takes one.
            int bytes = Encoding.UTF8.GetBytes(text, _buffer.AsSpan(Length + 1));
            _buffer[Length] = (byte)bytes;
            Length += 1 + bytes;
            return;
        }

        Varint((ulong)Encoding.UTF8.GetByteCount(text));
        Length += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(Length));
    }

    /// <summary>A number of variable length: unsigned, or a bool or enumeration.</summary>
    public void Number(int field, long value)
    {
        Tag(field, 0);
        Varint((ulong)value);
    }

    /// <summary>A number of eight bytes.</summary>
    public void Fixed(int field, ulong value)
    {
        Tag(field, Fixed64);
        Fixed(value);
    }

    /// <summary>A fraction.</summary>
    public void Real(int field, double value) => Fixed(field, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>A number of eight bytes in a packed list.</summary>
    public void Fixed(ulong value)
    {
        Room(8);
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(Length), value);
        Length += 8;
    }

    private void Tag(int field, int type) => Varint((ulong)((field << 3) | type));

    private void Varint(ulong value)
    {
        Room(10);
        while (value > 0x7f)
        {
            _buffer[Length++] = (byte)((value & 0x7f) | 0x80);
            value >>= 7;
        }

        _buffer[Length++] = (byte)value;
    }

    private void Room(int bytes)
    {
        if (_buffer.Length - Length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + bytes));
        }
    }
}
