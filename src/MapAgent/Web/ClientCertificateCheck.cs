using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MapAgent.Web;

/// <summary>Whether what a client shows in the handshake is enough.</summary>
internal static class ClientCertificateCheck
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private const int NamesBound = 1000;

    /// <summary>Judges a client.</summary>
    /// <returns>Null when it may come in, else the reason, in which nothing comes from the client.</returns>
    public static string? Refusal(TlsPolicy policy, X509Certificate2? certificate, SslPolicyErrors errors)
    {
        bool required = policy.Clients is ClientAuthentication.RequireAny or ClientAuthentication.RequireAndVerify;
        if (certificate is null)
        {
            return required ? "the client showed no certificate" : null;
        }

        bool verified = policy.Clients is ClientAuthentication.VerifyIfGiven or ClientAuthentication.RequireAndVerify;
        if (verified && errors != SslPolicyErrors.None)
        {
            return "the client's certificate is expired, of an unknown authority, or not meant for clients";
        }

        return policy.ClientNames is null || Names(certificate).Exists(policy.ClientNames.Contains)
            ? null
            : "the client's certificate bears none of the names in client_allowed_sans";
    }

    /// <summary>DNS names, addresses of mail, IP addresses and URIs of a certificate, as Go writes them.</summary>
    public static List<string> Names(X509Certificate2 certificate)
    {
        List<string> names = [];
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension.Oid?.Value == SubjectAlternativeName)
            {
                try
                {
                    Read(extension.RawData, names);
                }
                catch (Exception error) when (error is AsnContentException or CryptographicException)
                {
                    // A certificate with an unreadable extension has no names.
                    names.Clear();
                }
            }
        }

        return names;
    }

    // GeneralName, RFC 5280 4.2.1.6: 1 rfc822Name, 2 dNSName, 6 uniformResourceIdentifier, 7 iPAddress.
    private static void Read(byte[] extension, List<string> names)
    {
        AsnReader sequence = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        while (sequence.HasData && names.Count < NamesBound)
        {
            Asn1Tag tag = sequence.PeekTag();
            if (tag.TagClass == TagClass.ContextSpecific && tag.TagValue is 1 or 2 or 6)
            {
                names.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag));
            }
            else if (tag.TagClass == TagClass.ContextSpecific && tag.TagValue == 7)
            {
                byte[] address = sequence.ReadOctetString(tag);
                if (address.Length is 4 or 16)
                {
                    names.Add(new IPAddress(address).ToString());
                }
            }
            else
            {
                sequence.ReadEncodedValue();
            }
        }
    }
}
