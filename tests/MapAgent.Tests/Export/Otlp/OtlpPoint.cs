using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace MapAgent.Tests.Export.Otlp;

/// <summary>One point as a receiver sees it, with what its metric says.</summary>
internal sealed record OtlpPoint(string Metric, string Unit, string Shape, int Temporality, bool IsMonotonic)
{
    public SortedDictionary<string, string> Attributes { get; } = new(StringComparer.Ordinal);

    public ulong Start { get; set; }

    public ulong Time { get; set; }

    /// <summary>Of a number.</summary>
    public double Value { get; set; }

    /// <summary>True when it was sent as a whole number.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Of a histogram.</summary>
    public List<ulong> Buckets { get; } = [];

    public List<double> Bounds { get; } = [];

    public ulong Count { get; set; }

    public double Sum { get; set; }

    /// <summary>Name and attributes.</summary>
    public string Key => $"{Metric}{{{string.Join(",", Attributes.Select(static pair => $"{pair.Key}={pair.Value}"))}}}";
}

/// <summary>One request, read strictly and slowly: a field that is not expected fails.</summary>
internal sealed class OtlpRequestText
{
    public OtlpRequestText(ReadOnlyMemory<byte> request)
    {
        Bytes = request.Length;
        foreach (Field metrics in Fields(request, "request").Select(static field => field.Is(1)))
        {
            foreach (Field field in Fields(metrics.Bytes, "resource metrics"))
            {
                if (field.Number == 1)
                {
                    Fields(field.Bytes, "resource").ForEach(attribute => Attribute(Resource, attribute.Is(1)));
                }
                else
                {
                    Scope(field.Is(2).Bytes);
                }
            }
        }
    }

    public int Bytes { get; }

    public Dictionary<string, string> Resource { get; } = [];

    public List<OtlpPoint> Points { get; } = [];

    public List<string> Metrics { get; } = [];

    private void Scope(ReadOnlyMemory<byte> bytes)
    {
        foreach (Field field in Fields(bytes, "scope metrics"))
        {
            if (field.Number == 1)
            {
                Field[] scope = [.. Fields(field.Bytes, "scope")];
                if (scope[0].Is(1).Text != "MapAgent")
                {
                    throw new FormatException("another scope");
                }
            }
            else
            {
                Metric(field.Is(2).Bytes);
            }
        }
    }

    private void Metric(ReadOnlyMemory<byte> bytes)
    {
        List<Field> fields = Fields(bytes, "metric");
        string name = fields[0].Is(1).Text;
        string help = fields[1].Is(2).Text;
        string unit = fields[2].Is(3).Text;
        Field points = fields.Count == 4 && help.Length > 0 ? fields[3] : throw new FormatException(name);
        string shape = points.Number switch { 5 => "gauge", 7 => "sum", 9 => "histogram", _ => throw new FormatException(name) };
        List<Field> inner = Fields(points.Bytes, name);
        int temporality = (int)(inner.SingleOrDefault(static field => field.Number == 2)?.Value ?? 0);
        bool monotonic = inner.SingleOrDefault(static field => field.Number == 3)?.Value == 1;
        Metrics.Add(name);
        foreach (Field point in inner.Where(static field => field.Number == 1))
        {
            OtlpPoint read = new(name, unit, shape, temporality, monotonic);
            Fields(point.Bytes, name).ForEach(field => Take(read, field, shape == "histogram"));
            Points.Add(read);
        }
    }

    private static void Take(OtlpPoint point, Field field, bool isHistogram)
    {
        switch (field.Number)
        {
            case 2:
                point.Start = field.Value;
                break;
            case 3:
                point.Time = field.Value;
                break;
            case 4 when !isHistogram:
                point.Value = BitConverter.UInt64BitsToDouble(field.Value);
                break;
            case 6 when !isHistogram:
                point.Value = (long)field.Value;
                point.IsWhole = true;
                break;
            case 7 when !isHistogram:
            case 9 when isHistogram:
                Attribute(point.Attributes, field);
                break;
            case 4:
                point.Count = field.Value;
                break;
            case 5 when isHistogram:
                point.Sum = BitConverter.UInt64BitsToDouble(field.Value);
                break;
            case 6:
                point.Buckets.AddRange(Packed(field.Bytes));
                break;
            case 7:
                point.Bounds.AddRange(Packed(field.Bytes).Select(BitConverter.UInt64BitsToDouble));
                break;
            default:
                throw new FormatException($"{point.Metric}: field {field.Number} of a point");
        }
    }

    private static void Attribute(IDictionary<string, string> to, Field pair)
    {
        List<Field> fields = Fields(pair.Bytes, "attribute");
        Field value = Fields(fields[1].Is(2).Bytes, "value").Single();
        string text = value.Number switch
        {
            1 => value.Text,
            3 => ((long)value.Value).ToString(CultureInfo.InvariantCulture),
            _ => throw new FormatException("a value of another kind"),
        };
        to.Add(fields[0].Is(1).Text, text);
    }

    private static IEnumerable<ulong> Packed(ReadOnlyMemory<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at += 8)
        {
            yield return BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[at..]);
        }
    }

    private static List<Field> Fields(ReadOnlyMemory<byte> bytes, string where)
    {
        List<Field> fields = [];
        int at = 0;
        while (at < bytes.Length)
        {
            ulong tag = Varint(bytes.Span, ref at);
            ulong value = 0;
            ReadOnlyMemory<byte> part = default;
            switch (tag & 7)
            {
                case 0:
                    value = Varint(bytes.Span, ref at);
                    break;
                case 1:
                    value = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[at..]);
                    at += 8;
                    break;
                case 2:
                    int length = (int)Varint(bytes.Span, ref at);
                    part = bytes.Slice(at, length);
                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"{where}: wire type {tag & 7}");
            }

            fields.Add(new Field(where, (int)(tag >> 3), value, part));
        }

        return fields;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte one = bytes[at++];
            value |= (ulong)(one & 0x7f) << shift;
            if (one < 0x80)
            {
                return value;
            }
        }
    }

    private sealed record Field(string Where, int Number, ulong Value, ReadOnlyMemory<byte> Bytes)
    {
        public string Text => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Bytes.Span);

        public Field Is(int number) => Number == number ? this : throw new FormatException($"{Where}: field {Number} where {number} belongs");
    }
}
