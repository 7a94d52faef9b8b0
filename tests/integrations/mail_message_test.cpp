// Mail as bytes: what every reader of RFC 5322 must be able to take apart again.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/text.hpp"
#include "integrations/mail_message.hpp"
#include "support/mail_reader.hpp"

using namespace tocsin;
using namespace tocsin::integrations;
using support::ReadMail;

namespace {

MailMessage sample() {
    return {.from = {.name = "tocsin", .address = "tocsin@example.com"},
            .to = {"engineer-a@example.com"},
            .subject = "[critical] INC-7 Customer signup is broken",
            .date = parse_rfc3339("2026-03-01T02:00:01Z").value(),
            .message_id = "<INC-7.abc@example.com>",
            .text = "Something broke.\n"};
}

std::string wide(std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += "ü🔥 ";
    return text;
}

}  // namespace

TEST_CASE("a subject comes back as it was written, whatever is in it") {
    const std::vector<std::string> subjects = {
        "plain words",
        "Ausfall: Zahlungen in Köln – „kritisch“ 🔥",
        "=?utf-8?B?Zm9yZ2Vk?= looks encoded",
        "a \"quoted\" <tag> and a \\ backslash",
        std::string(trim(wide(40))),
        std::string(180, 'x'),
        "one " + std::string(100, 'y') + " two",
    };
    for (const std::string& subject : subjects) {
        CAPTURE(subject);
        MailMessage message = sample();
        message.subject = subject;
        const std::string written = write_message(message);
        CHECK(ReadMail(written).header("Subject") == subject);
        for (const std::string_view line : split(written, '\n')) CHECK(line.size() <= 200);
    }
}

TEST_CASE("a subject is cut after 180 code points, never within one") {
    MailMessage message = sample();
    message.subject = wide(100);
    const std::string subject = ReadMail(write_message(message)).header("Subject");
    CHECK(is_valid_utf8(subject));
    CHECK(subject == truncate_code_points(std::string(trim(message.subject)), 180));
}

TEST_CASE("no value can write a header or end the headers") {
    const std::vector<std::string> hostile = {
        "x\r\nBcc: everybody@example.com",
        "x\n\nbody of an attacker",
        "x\r\n\r\n--",
        std::string("x\0y", 3),
        "x\x1b[31m",
        std::string(500, ' ') + "\r\n" + std::string(500, ' ') + "end",
        "\xff\xfe\r\nTo: z@example.com",
    };
    for (const std::string& value : hostile) {
        MailMessage message = sample();
        message.subject = value;
        message.from.name = value;
        message.message_id = value;
        message.references = {value, value};
        message.headers = {{"X-Tocsin-Event", value}};
        const std::string written = write_message(message);
        const ReadMail mail(written);
        const std::vector<std::string> expected = {"From",
                                                   "To",
                                                   "Subject",
                                                   "Date",
                                                   "Message-ID",
                                                   "In-Reply-To",
                                                   "References",
                                                   "X-Tocsin-Event",
                                                   "MIME-Version",
                                                   "Content-Type",
                                                   "Content-Transfer-Encoding"};
        CHECK(mail.header_names() == expected);
        CHECK(mail.text() == "Something broke.\n");
        std::string without_line_ends = written;
        for (std::size_t at = 0; (at = without_line_ends.find("\r\n", at)) != std::string::npos;) {
            without_line_ends.erase(at, 2);
        }
        CHECK(one_line(without_line_ends) == without_line_ends);
    }
}

TEST_CASE("text comes back as it was written, in lines of at most 76 bytes") {
    const std::vector<std::string> texts = {
        "one line\n",
        "two\n\nparagraphs, the second with = and =3D\n",
        ".\n..\n.dot at the start\n",
        "From here on\n",
        "trailing space \nand tab\t\nend\n",
        "Köln 🔥 " + wide(50) + "end\n",
        std::string(5'000, 'x') + "\n" + std::string(75, 'y') + "=\n" + std::string(76, 'z') + "\n",
    };
    for (const std::string& text : texts) {
        CAPTURE(text);
        MailMessage message = sample();
        message.text = text;
        const std::string written = write_message(message);
        CHECK(ReadMail(written).text() == text);
        for (const std::string_view line : split(written, '\n')) CHECK(line.size() <= 77);
    }
}

TEST_CASE("a text of any size is cut at 64 KiB") {
    MailMessage message = sample();
    message.text = std::string(10'000'000, 'x');
    const std::string written = write_message(message);
    CHECK(written.size() < 100'000);
    CHECK(ReadMail(written).text().ends_with("…\n"));
}

TEST_CASE("the date is the one of RFC 5322, in UTC") {
    const std::vector<std::pair<std::string, std::string>> rows = {
        {"2026-03-01T02:00:01Z", "Sun, 01 Mar 2026 02:00:01 +0000"},
        {"2024-02-29T23:59:59.999Z", "Thu, 29 Feb 2024 23:59:59 +0000"},
        {"2026-12-31T23:30:00-01:00", "Fri, 01 Jan 2027 00:30:00 +0000"},
        {"1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 +0000"},
    };
    for (const auto& [instant, text] : rows) {
        CHECK(format_mail_date(parse_rfc3339(instant).value()) == text);
    }
}

TEST_CASE("an address has two sides and nothing that needs quoting") {
    for (const std::string good : {"a@b", "first.last+tag@mail.example.com", "x_y-z@[1]x"}) {
        CHECK(is_mail_address(good) == (good.find('[') == std::string::npos));
    }
    for (const std::string bad : {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nRCPT TO:<x@y>",
                                  "<a@b>", "a@b>", "a,b@c", "\"a\"@b", "ü@b", "a@bü"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_mail_address(bad));
    }
    CHECK_FALSE(is_mail_address(std::string(250, 'a') + "@example.com"));
}

TEST_CASE("a sender is an address with a name or without") {
    const std::vector<std::pair<std::string, Mailbox>> rows = {
        {"a@b", {"", "a@b"}},
        {"tocsin <a@b>", {"tocsin", "a@b"}},
        {"  \"tocsin, on call\" <a@b> ", {"tocsin, on call", "a@b"}},
        {"Köln <a@b>", {"Köln", "a@b"}},
        {"<a@b>", {"", "a@b"}},
    };
    for (const auto& [text, expected] : rows) {
        CAPTURE(text);
        REQUIRE(parse_mailbox(text).has_value());
        CHECK(*parse_mailbox(text) == expected);
        MailMessage message = sample();
        message.from = expected;
        const std::string from = ReadMail(write_message(message)).header("From");
        CHECK(from.find("a@b") != std::string::npos);
    }
    for (const std::string bad : {"", "tocsin", "tocsin <>", "tocsin <a>", "a@b c@d"}) {
        CHECK_FALSE(parse_mailbox(bad).has_value());
    }
}
