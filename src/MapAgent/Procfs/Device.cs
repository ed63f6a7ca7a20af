namespace MapAgent.Procfs;

/// <summary>A device number, decimal in mountinfo and hexadecimal in maps; two mounts of one filesystem instance share it.</summary>
internal readonly record struct Device(uint Major, uint Minor)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Major}:{Minor}";
}
