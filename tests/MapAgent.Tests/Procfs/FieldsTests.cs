using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class FieldsTests
{
    [Fact]
    public void Numbers_come_in_their_order_and_a_newline_ends_the_last()
    {
        Fields fields = new("1 18446744073709551615 -9223372036854775807 x 9223372036854775807\n"u8);
        Assert.Equal(1UL, fields.Unsigned());
        Assert.Equal(ulong.MaxValue, fields.Unsigned());
        Assert.Equal(-long.MaxValue, fields.Signed());
        fields.Skip(1);
        Assert.Equal(long.MaxValue, fields.Signed());
        Assert.True(fields.Complete);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData(" 12 ")]
    [InlineData("12x ")]
    [InlineData("-12 ")]
    [InlineData("18446744073709551616 ")]
    [InlineData("184467440737095516150 ")]
    public void A_field_that_is_cut_or_no_number_is_not_complete_and_zero(string text)
    {
        Fields fields = new(Encoding.ASCII.GetBytes(text));
        Assert.Equal(0UL, fields.Unsigned());
        Assert.False(fields.Complete);
    }

    [Theory]
    [InlineData("--1 ")]
    [InlineData("-")]
    [InlineData("- ")]
    [InlineData("9223372036854775808 ")]
    [InlineData("-9223372036854775808 ")]
    public void A_signed_field_that_does_not_fit_is_not_complete(string text)
    {
        Fields fields = new(Encoding.ASCII.GetBytes(text));
        Assert.Equal(0, fields.Signed());
        Assert.False(fields.Complete);
    }

    [Fact]
    public void What_was_missing_stays_missing()
    {
        Fields fields = new("x 2 "u8);
        fields.Unsigned();
        fields.Skip(1);
        fields.Unsigned();
        Assert.False(fields.Complete);
    }

    [Theory]
    [InlineData("1 2 3 ", 3, true)]
    [InlineData("1 2 3 ", 4, false)]
    [InlineData("1 2 3", 3, false)]
    [InlineData("", 1, false)]
    public void More_fields_than_there_are_cannot_be_passed_over(string text, int count, bool complete)
    {
        Fields fields = new(Encoding.ASCII.GetBytes(text));
        fields.Skip(count);
        Assert.Equal(complete, fields.Complete);
    }

    [Fact]
    public void Any_walk_over_any_text_ends_without_an_exception() =>
        Gen.Select(Gen.Char["-0123456789 x\n"].Array[0, 30], Gen.Int[0, 2].Array[0, 12]).Sample((text, steps) =>
        {
            Fields fields = new(Encoding.ASCII.GetBytes(text));
            bool wasComplete = true;
            foreach (int step in steps)
            {
                switch (step)
                {
                    case 0: fields.Unsigned(); break;
                    case 1: fields.Signed(); break;
                    default: fields.Skip(1); break;
                }

                Assert.True(wasComplete || !fields.Complete);
                wasComplete = fields.Complete;
            }
        });
}
