namespace MapAgent.Web;

/// <summary>What came of checking a password.</summary>
internal enum PasswordVerdict
{
    /// <summary>It is the user's.</summary>
    Good,

    /// <summary>None was given, the user is unknown, or it is not the user's.</summary>
    Bad,

    /// <summary>There was no time to find out.</summary>
    Busy,
}
