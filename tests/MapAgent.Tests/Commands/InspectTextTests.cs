using System;
using System.Linq;
using MapAgent.Commands;
using MapAgent.Mappings;
using MapAgent.Procfs;
using MapAgent.Selection;
using MapAgent.Tests.Mappings;
using Xunit;

namespace MapAgent.Tests.Commands;

public sealed class InspectTextTests
{
    private static readonly UserNames s_users = new(null, TimeProvider.System);

    [Fact]
    public void A_person_finds_what_the_process_maps()
    {
        string text = InspectText.Render(Inspected.Hostile(), s_users);
        foreach (string part in (string[])
        [
            "[42]  user 1000  running for 2 h", "PSS       836 KiB", "heap          512 KiB  [#############-------]", "256 KiB   256 KiB  16.0 KiB       -   -  /home/big", "64.0 KiB  64.0 KiB       0 B       -   -  /lib/?[31mred.so  (deleted)",
            "hints     hugepage 64.0 KiB of address space", "remote    nfs4 64.0 KiB of address space", "1 mapped file is no longer on disk, 1 of them binaries or libraries",
            "mappings  4 of 65530 (0.0 %); 32 bits: 0.0 % of 4.0 GiB of address space in use", "address space 8.0 GiB, data unlimited, stack 1.0 MiB, locked 64.0 KiB",
            "8.0 major and 80.0 minor in a second, in the last 1.2 s; 12 and 3456 since its start (0.0 and 0.5 in a second)",
        ])
        {
            Assert.Contains(part, text);
        }
    }

    [Fact]
    public void No_text_of_the_process_reaches_the_terminal_as_a_command() =>
        Assert.DoesNotContain(InspectText.Render(Inspected.Hostile(), s_users), static c => char.IsControl(c) && c != '\n');

    [Fact]
    public void Lines_of_a_table_stand_under_one_another()
    {
        string[] lines = InspectText.Render(Inspected.Hostile(), s_users).Split('\n');
        int kinds = Array.FindIndex(lines, static line => line.StartsWith("KIND"));
        Assert.Single(lines[kinds..(kinds + 4)].Select(static line => line.Length).Distinct());
    }

    [Fact]
    public void What_is_unknown_is_left_out_or_a_dash()
    {
        string text = InspectText.Render(new Inspection { Id = new ProcessId(7, 1), Comm = "x", PageSize = 4096 }, s_users);
        Assert.Equal("x [7]\n\nlimits    -\nfaults    it has ended since; 0 and 0 since its start\n", text);
    }
}
