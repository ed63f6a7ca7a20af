using System.Globalization;
using System.Linq;
using System.Text;
using CsCheck;
using MapAgent.Procfs;
using Xunit;

namespace MapAgent.Tests.Procfs;

public sealed class DigitsTests
{
    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("007", 7UL)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    public void A_field_of_digits_is_its_number(string field, ulong number)
    {
        Assert.True(Digits.TryRead(Encoding.ASCII.GetBytes(field), ulong.MaxValue, out ulong read));
        Assert.Equal(number, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+1")]
    [InlineData("-0")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\0")]
    [InlineData("0x1")]
    [InlineData("1e1")]
    [InlineData("1,0")]
    [InlineData("18446744073709551616")]
    [InlineData("99999999999999999999999999")]
    public void Anything_else_is_no_number(string field)
    {
        Assert.False(Digits.TryRead(Encoding.ASCII.GetBytes(field), ulong.MaxValue, out ulong read));
        Assert.Equal(0UL, read);
    }

    [Fact]
    public void A_number_above_the_bound_is_none()
    {
        Assert.True(Digits.TryRead("2147483647"u8, int.MaxValue, out _));
        Assert.False(Digits.TryRead("2147483648"u8, int.MaxValue, out ulong read));
        Assert.Equal(0UL, read);
    }

    [Fact]
    public void Any_letters_are_read_as_the_slow_reference_reads_them() =>
        Gen.Char["0123456789+- \0.e"].Array[0, 24].Sample(static letters =>
        {
            ulong slow = 0;
            bool digits = letters.All(char.IsAsciiDigit)
                && ulong.TryParse(letters, NumberStyles.None, CultureInfo.InvariantCulture, out slow);
            Assert.Equal(digits, Digits.TryRead(Encoding.ASCII.GetBytes(letters), ulong.MaxValue, out ulong fast));
            Assert.Equal(slow, fast);
        });
}
