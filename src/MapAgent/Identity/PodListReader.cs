using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;

namespace MapAgent.Identity;

/// <summary>
/// Reads a PodList as the kubelet and the API server send it, in pieces: of each pod only its names and the ids of its containers
/// are kept, so that memory does not grow with the answer.
/// </summary>
internal sealed class PodListReader(FoundNames found, int mostBytes = PodListReader.Bound)
{
    /// <summary>The longest answer that is read. A pod takes 10 to 30 KiB; one token must fit into a sixteenth.</summary>
    public const int Bound = 64 << 20;

    private const int FirstBuffer = 64 << 10;
    private readonly List<(string Id, string Name)> _containers = [];
    private byte[] _buffer = new byte[FirstBuffer];
    private bool _sawItems;
    private bool _isInItems;
    private bool _isDone;
    private Section _section;
    private Field _field;
    private string? _namespace;
    private string? _pod;
    private string? _uid;
    private string? _hash;
    private string? _mirror;
    private string? _name;
    private string? _id;

    private enum Section
    {
        Other,
        Metadata,
        Status,
    }

    private enum Field
    {
        Other,
        Namespace,
        Name,
        Uid,
        Annotations,
        Hash,
        Mirror,
        Statuses,
        ContainerName,
        ContainerId,
    }

    /// <summary>Reads all of a stream.</summary>
    /// <returns>Ok, Malformed or TooLarge.</returns>
    public LookupOutcome Read(Stream stream)
    {
        JsonReaderState state = new(new JsonReaderOptions { MaxDepth = 64 });
        int kept = 0;
        long total = 0;
        while (true)
        {
            int size = stream.Read(_buffer, kept, _buffer.Length - kept);
            total += size;
            if (total > mostBytes)
            {
                return LookupOutcome.TooLarge;
            }

            Utf8JsonReader reader = new(_buffer.AsSpan(0, kept + size), size == 0, state);
            try
            {
                while (reader.Read())
                {
                    Take(ref reader);
                }
            }
            catch (JsonException)
            {
                return LookupOutcome.Malformed;
            }

            if (size == 0)
            {
                return _isDone && _sawItems ? found.IsFull ? LookupOutcome.TooLarge : LookupOutcome.Ok : LookupOutcome.Malformed;
            }

            state = reader.CurrentState;
            int used = (int)reader.BytesConsumed;
            kept += size - used;
            _buffer.AsSpan(used, kept).CopyTo(_buffer);
            if (kept == _buffer.Length)
            {
                // One token is longer than the buffer: some annotations are.
                if (_buffer.Length >= Math.Max(FirstBuffer, mostBytes / 16))
                {
                    return LookupOutcome.TooLarge;
                }

                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
        }
    }

    // The depth tells where a token is: 0 list, 1 its keys, 2 pods, 3 their keys, 4 those of metadata and status, 5 annotations and
    // containers, 6 the keys of a container.
    private void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                TakeKey(ref reader);
                break;
            case JsonTokenType.String when _isInItems:
                TakeText(ref reader);
                break;
            case JsonTokenType.EndObject:
                TakeEnd(reader.CurrentDepth);
                break;
            default:
                break;
        }
    }

    private void TakeKey(ref Utf8JsonReader reader)
    {
        switch (reader.CurrentDepth)
        {
            case 1:
                _isInItems = reader.ValueTextEquals("items"u8);
                _sawItems |= _isInItems;
                _section = Section.Other;
                _field = Field.Other;
                break;
            case 3:
                _section = reader.ValueTextEquals("metadata"u8) ? Section.Metadata : reader.ValueTextEquals("status"u8) ? Section.Status : Section.Other;
                _field = Field.Other;
                break;
            case 4 when _section == Section.Metadata:
                _field = reader.ValueTextEquals("name"u8) ? Field.Name : reader.ValueTextEquals("namespace"u8) ? Field.Namespace
                    : reader.ValueTextEquals("uid"u8) ? Field.Uid : reader.ValueTextEquals("annotations"u8) ? Field.Annotations : Field.Other;
                break;
            case 4 when _section == Section.Status:
                _field = reader.ValueTextEquals("containerStatuses"u8) || reader.ValueTextEquals("initContainerStatuses"u8)
                    || reader.ValueTextEquals("ephemeralContainerStatuses"u8) ? Field.Statuses : Field.Other;
                break;
            case 5 when _field is Field.Annotations or Field.Hash or Field.Mirror:
                _field = reader.ValueTextEquals("kubernetes.io/config.hash"u8) ? Field.Hash
                    : reader.ValueTextEquals("kubernetes.io/config.mirror"u8) ? Field.Mirror : Field.Annotations;
                break;
            case 6 when _field is Field.Statuses or Field.ContainerName or Field.ContainerId:
                _field = reader.ValueTextEquals("name"u8) ? Field.ContainerName : reader.ValueTextEquals("containerID"u8) ? Field.ContainerId : Field.Statuses;
                break;
            default:
                break;
        }
    }

    private void TakeText(ref Utf8JsonReader reader)
    {
        // Names are plain ASCII and never so long; what is not is refused with its pod. A string that is no UTF-8 must not be decoded.
        static string Text(ref Utf8JsonReader value) =>
            value.ValueSpan.Length <= 512 && !value.ValueIsEscaped && Ascii.IsValid(value.ValueSpan) ? value.GetString()! : "";
        switch (_field, reader.CurrentDepth)
        {
            case (Field.Namespace, 4):
                _namespace = Text(ref reader);
                break;
            case (Field.Name, 4):
                _pod = Text(ref reader);
                break;
            case (Field.Uid, 4):
                _uid = Text(ref reader);
                break;
            case (Field.Hash, 5):
                _hash = Text(ref reader);
                break;
            case (Field.Mirror, 5):
                _mirror = Text(ref reader);
                break;
            case (Field.ContainerName, 6):
                _name = Text(ref reader);
                break;
            case (Field.ContainerId, 6):
                _id = Text(ref reader);
                break;
            default:
                break;
        }
    }

    private void TakeEnd(int depth)
    {
        if (depth == 5 && _field is (Field.Statuses or Field.ContainerName or Field.ContainerId))
        {
            // A container that has not started has no id.
            if (_name is not null && _id is { Length: > 0 } id && _containers.Count < 1000)
            {
                _containers.Add((id[(id.IndexOf("://", StringComparison.Ordinal) is >= 0 and int at ? at + 3 : 0)..], _name));
            }

            _name = null;
            _id = null;
            _field = Field.Statuses;
        }
        else if (depth == 2 && _isInItems)
        {
            EndPod();
        }

        _isDone |= depth == 0;
    }

    private void EndPod()
    {
        found.AddPod(_uid, _namespace, _pod);
        // What the kubelet runs from a file has this hash for a uid in its cgroup; the API server, which only mirrors it, gives it another.
        if (_hash is not null && _hash == _mirror && _hash != _uid)
        {
            found.AddMirror(_hash, _namespace, _pod);
        }

        foreach ((string id, string name) in _containers)
        {
            found.AddContainer(id, _namespace, _pod, name);
        }

        _containers.Clear();
        _namespace = _pod = _uid = _hash = _mirror = _name = _id = null;
        _section = Section.Other;
        _field = Field.Other;
    }
}
