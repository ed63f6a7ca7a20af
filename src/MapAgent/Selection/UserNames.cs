using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace MapAgent.Selection;

/// <summary>
/// User names from passwd(5). Read from the file alone: a name service (LDAP, sssd) may hang, and a pass must not.
/// </summary>
/// <param name="path">The file; null where the watched system's file is not at hand, then users are numbers.</param>
/// <param name="clock">Paces how often the file is read again for an unknown number.</param>
internal sealed class UserNames(string? path, TimeProvider clock)
{
    private const long SizeBound = 4 * 1024 * 1024;
    private static readonly TimeSpan s_again = TimeSpan.FromMinutes(1);
    private readonly Dictionary<uint, string> _names = [];
    private long? _readAt;

    /// <summary>The user's name, else the number in decimal.</summary>
    public string Of(uint uid)
    {
        if (!_names.TryGetValue(uid, out string? name) && (_readAt is not { } at || clock.GetElapsedTime(at) > s_again))
        {
            Load();
            _names.TryGetValue(uid, out name);
        }

        return name ?? uid.ToString(CultureInfo.InvariantCulture);
    }

    private void Load()
    {
        _readAt = clock.GetTimestamp();
        _names.Clear();
        try
        {
            if (path is null || !File.Exists(path) || new FileInfo(path).Length > SizeBound)
            {
                return;
            }

            foreach (string line in File.ReadLines(path))
            {
                string[] parts = line.Split(':');
                if (parts.Length > 2 && uint.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint uid))
                {
                    _names.TryAdd(uid, parts[0]);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What was read until then stands; every other user is shown by number, which is true as well.
            _readAt = clock.GetTimestamp();
        }
    }
}
