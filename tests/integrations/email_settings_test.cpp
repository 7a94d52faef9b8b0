// E-mail: the settings of an integration that mails, and what of them is refused.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "integrations/sign.hpp"
#include "integrations/sinks/email.hpp"
#include "integrations/sinks/email_server.hpp"
#include "support/sample_email.hpp"

using namespace tocsin;
using namespace tocsin::integrations;
using namespace tocsin::integrations::testing;

TEST_CASE("the address of a server is taken apart, its login decoded") {
    struct Row {
        std::string text;
        std::string url;
        std::string user_name;
        std::string password;
        bool implicit_tls;
        bool loopback;
    };
    const std::vector<Row> rows = {
        {"smtps://mail.example", "smtps://mail.example", "", "", true, false},
        {"smtp://mail.example:587", "smtp://mail.example:587", "", "", false, false},
        {"smtp://u:p@127.0.0.1:25/me", "smtp://127.0.0.1:25/me", "u", "p", false, true},
        {"smtp://a%40b:x%3A%2F@h", "smtp://h", "a@b", "x:/", false, false},
        {"smtp://u@[::1]:25", "smtp://[::1]:25", "u", "", false, true},
        {"smtp://localhost", "smtp://localhost", "", "", false, true},
        {"smtp://localhost.evil.example", "smtp://localhost.evil.example", "", "", false, false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const auto server = parse_mail_server(row.text);
        REQUIRE(server.has_value());
        CHECK(server->url == row.url);
        CHECK(server->user_name == row.user_name);
        CHECK(server->password.reveal() == row.password);
        CHECK(server->implicit_tls == row.implicit_tls);
        CHECK(server->is_loopback == row.loopback);
    }
    for (const std::string bad :
         {"", "mail.example", "http://mail.example", "smtp://", "smtp://:25", "smtp://h:0",
          "smtp://h:99999", "smtp://h:x", "smtp://h\r\n", "smtp://h h", "smtp://u:s3cret%0@h",
          "smtp://u:s3cret%0a@h", "smtp://:s3cret@h", "smtp://h?s3cret", "smtp://[::1"}) {
        CAPTURE(bad);
        const auto server = parse_mail_server(bad);
        REQUIRE_FALSE(server.has_value());
        CHECK(server.error().message.find("s3cret") == std::string::npos);
    }
}

TEST_CASE("nothing goes in the clear, but to this machine or where the settings say so") {
    struct Row {
        std::string smtp;
        std::optional<MailEncryption> tls;
        MailEncryption expected;
    };
    const std::vector<Row> rows = {
        {"smtp://mail.example", {}, MailEncryption::required},
        {"smtp://mail.example", MailEncryption::optional, MailEncryption::optional},
        {"smtp://mail.example", MailEncryption::never, MailEncryption::never},
        {"smtp://127.0.0.1", {}, MailEncryption::never},
        {"smtp://127.0.0.1", MailEncryption::required, MailEncryption::required},
        {"smtps://127.0.0.1", {}, MailEncryption::required},
        {"smtps://mail.example", MailEncryption::required, MailEncryption::required},
    };
    for (const Row& row : rows) {
        EmailSettings settings = sample_settings();
        settings.smtp.value = row.smtp;
        settings.tls.value = row.tls;
        CHECK(make(settings).problems.empty());
        CHECK(request_for(effect_for(core::Action::page), settings).encryption == row.expected);
        settings.user_name = "u";
        settings.password = Secret("p");
        const bool warned = row.expected != MailEncryption::required &&
                            row.smtp.find("127.0.0.1") == std::string::npos;
        CHECK(make(settings).problems.size() == (warned ? 1 : 0));
    }
}

TEST_CASE("settings that cannot work are refused, and no message shows a password") {
    struct Row {
        std::string sentence;
        EmailSettings settings;
        bool accepted;
    };
    std::vector<Row> rows;
    const auto add = [&rows](std::string sentence, bool accepted, auto change) {
        EmailSettings settings = sample_settings();
        change(settings);
        rows.push_back({std::move(sentence), std::move(settings), accepted});
    };
    add("no server", false, [](EmailSettings& s) { s.smtp.value = "mail.example"; });
    add("a password that stands in the file is warned of", true,
        [](EmailSettings& s) { s.smtp.value = "smtps://u:s3cret@mail.example"; });
    add("two logins", false, [](EmailSettings& s) {
        s.smtp.value = "smtps://u:s3cret@mail.example";
        s.user_name = "v";
        s.password = Secret("s3cret");
    });
    add("half a login", false, [](EmailSettings& s) { s.password = Secret("s3cret"); });
    add("a sender that is none", false, [](EmailSettings& s) { s.from.value = "tocsin"; });
    add("a reply address that is none", false, [](EmailSettings& s) {
        s.reply_to.value = "x";
        s.reply_to.given = true;
    });
    add("a recipient that is none", false, [](EmailSettings& s) {
        s.to = {{"x"}};
        s.to[0].given = true;
    });
    add("smtps in the clear", false, [](EmailSettings& s) { s.tls.value = MailEncryption::never; });
    add("no time", false, [](EmailSettings& s) { s.timeout = milliseconds(1); });
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        const Made made = make(row.settings);
        CHECK(made.sink.has_value() == row.accepted);
        CHECK(made.problems.size() == 1);
        for (const schema::Diagnostic& problem : made.problems) {
            CHECK((problem.level == schema::Level::warning) == row.accepted);
            CHECK(problem.message.find("s3cret") == std::string::npos);
            const bool in_the_file = row.settings.smtp.value.find("s3cret") != std::string::npos;
            if (in_the_file) CHECK(problem.secret);  // the source line is not shown
        }
    }
}
