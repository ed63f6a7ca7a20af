using MapAgent.Sampling;
using Xunit;

namespace MapAgent.Tests.Sampling;

public sealed class RenamesTests
{
    [Fact]
    public void The_first_names_count_at_once_and_then_ever_more_rarely()
    {
        Renames renames = default;
        int counted = 0;
        ulong known = 0;
        for (long pass = 1; pass <= 1000; pass++)
        {
            ulong seen = (ulong)pass;
            if (renames.Counts(known, seen, pass))
            {
                renames.Note(known, seen, pass);
                known = seen;
                counted++;
            }

            Assert.True(pass > 4 || counted == pass, "a program that sets its name at its start is known by it");
        }

        // Four at once, after 2, 4, 8, 16 and 32 passes, and then each 64.
        Assert.InRange(counted, 20, 30);
    }

    [Fact]
    public void The_same_name_is_no_reason() => Assert.False(default(Renames).Counts(7, 7, 1));
}
