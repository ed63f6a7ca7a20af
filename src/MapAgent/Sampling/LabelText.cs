namespace MapAgent.Sampling;

/// <summary>Makes a label value of any text.</summary>
internal static class LabelText
{
    /// <summary>Cuts at the bound, never through a surrogate pair.</summary>
    /// <param name="text">Valid or invalid UTF-16.</param>
    /// <param name="length">The most characters.</param>
    /// <param name="cut">True when something is missing at the end.</param>
    public static string Bound(string text, int length, out bool cut)
    {
        cut = text.Length > length;
        if (!cut)
        {
            return text;
        }

        int end = char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return text[..end];
    }
}
