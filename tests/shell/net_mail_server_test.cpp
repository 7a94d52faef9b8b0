// Mail through the real Net to a real mail server: encryption, logins, refusals, the mailbox.
#include <doctest/doctest.h>

#include <string>

#include "integrations/mail_message.hpp"
#include "support/mail_server.hpp"
#include "support/net_requests.hpp"
#include "support/temp_directory.hpp"
#include "support/tls_peer.hpp"

using namespace tocsin;
using integrations::Answer;
using integrations::MailEncryption;
using integrations::MailRequest;
using support::MailServer;
using support::ReadMail;
using test::send_one;

namespace {

constexpr long day_s = 24L * 60 * 60;
const std::string subject = "[critical] INC-7 Zahlungen in Köln – „kritisch“ 🔥 und noch etwas mehr";
const std::string text = "Ü: one\n.\n..two\n\n=3D at the end \n" + std::string(500, 'x') + "\n";

MailRequest mail_to(const std::string& url, const std::string& to = "engineer-a@example.com") {
    MailRequest mail{.url = url, .from = "tocsin@example.com", .to = {to}};
    mail.encryption = MailEncryption::never;
    mail.message =
        integrations::write_message({.from = {.name = "tocsin", .address = "tocsin@example.com"},
                                     .to = {to},
                                     .subject = subject,
                                     .date = parse_rfc3339("2026-03-01T02:00:01Z").value(),
                                     .message_id = "<INC-7.b@example.com>",
                                     .references = {"<INC-7.a@example.com>"},
                                     .text = text});
    return mail;
}

/// A server with a certificate of its own, and who to trust for it.
struct World {
    explicit World(const std::string& program, const std::string& name = "IP:127.0.0.1")
        : certificate(name, -day_s, day_s),
          written(certificate.write_pem(files.file("cert.pem")) &&
                  certificate.write_key_pem(files.file("key.pem"))),
          server(program, {.certificate = files.file("cert.pem"), .key = files.file("key.pem")}) {}

    [[nodiscard]] MailRequest mail(const std::string& url, MailEncryption encryption) const {
        MailRequest mail = mail_to(url, "private@example.com");
        mail.encryption = encryption;
        mail.ca_file = files.file("cert.pem");
        mail.user_name = "tocsin";
        mail.password = Secret("correct horse");
        return mail;
    }

    support::TempDirectory files;
    test::Certificate certificate;
    bool written;
    MailServer server;
};

std::optional<std::string> program_or_skip() {
    auto program = support::mail_server_program();
    if (!program) MESSAGE("skipped: there is no mail server (exim4)");
    return program;
}

}  // namespace

TEST_CASE("a mail lies in the mailbox of a real server as it was written") {
    const auto program = program_or_skip();
    if (!program) return;
    const MailServer server(*program, {});
    REQUIRE_MESSAGE(server.is_ready(), server.log());
    const Answer answer = send_one(mail_to(server.url()));
    CHECK_MESSAGE(answer.status == 250, answer.error);
    const auto mails = server.wait_for(1);
    REQUIRE_MESSAGE(mails.size() == 1, server.log());
    CHECK(mails[0].header("Subject") == subject);
    CHECK(mails[0].header("Envelope-to") == "engineer-a@example.com");
    CHECK(mails[0].header("Return-path") == "<tocsin@example.com>");
    CHECK(mails[0].header("Message-ID") == "<INC-7.b@example.com>");
    CHECK(mails[0].header("In-Reply-To") == "<INC-7.a@example.com>");
    CHECK(mails[0].header("References") == "<INC-7.a@example.com>");
    CHECK(mails[0].text() == text);
}

TEST_CASE("TLS from the first byte, STARTTLS, and a login over both") {
    const auto program = program_or_skip();
    if (!program) return;
    const World world(*program);
    REQUIRE_MESSAGE(world.server.is_ready(), world.server.log());
    CHECK(send_one(world.mail(world.server.tls_url(), MailEncryption::required)).status == 250);
    CHECK(send_one(world.mail(world.server.url(), MailEncryption::required)).status == 250);
    CHECK(send_one(world.mail(world.server.url(), MailEncryption::optional)).status == 250);
    CHECK(send_one(world.mail(world.server.url(), MailEncryption::never)).status == 250);
    CHECK(world.server.wait_for(4).size() == 4);
    // How each came in, as the server saw it: "s" is TLS, "a" a login.
    const std::string log = world.server.log();
    std::size_t encrypted = 0;
    for (std::size_t at = 0; (at = log.find("P=esmtpsa", at)) != std::string::npos; ++at) {
        ++encrypted;
    }
    CHECK(encrypted == 3);
    CHECK(log.find("P=esmtpa ") != std::string::npos);
}

TEST_CASE("a server whose certificate is not trusted, or another's, gets no mail") {
    const auto program = program_or_skip();
    if (!program) return;
    for (const std::string name : {"IP:127.0.0.1", "DNS:mail.example.com"}) {
        CAPTURE(name);
        const World world(*program, name);
        REQUIRE_MESSAGE(world.server.is_ready(), world.server.log());
        for (const std::string& url : {world.server.url(), world.server.tls_url()}) {
            MailRequest mail = world.mail(url, MailEncryption::optional);
            if (name == "IP:127.0.0.1") mail.ca_file.clear();
            const Answer answer = send_one(mail);
            CHECK(answer.kind == Answer::Kind::unreachable);
            CHECK(answer.error == "the certificate of " + url + " is not trusted");
        }
        CHECK(world.server.mails().empty());
    }
}

TEST_CASE("a ca_file that cannot be read is said to be so") {
    const auto program = program_or_skip();
    if (!program) return;
    const World world(*program);
    REQUIRE_MESSAGE(world.server.is_ready(), world.server.log());
    MailRequest mail = world.mail(world.server.tls_url(), MailEncryption::required);
    mail.ca_file = world.files.file("missing.pem");
    CHECK(send_one(mail).error == "the trusted certificates cannot be read");
}

TEST_CASE("what a real server refuses comes back with its code, its words and the command") {
    const auto program = program_or_skip();
    if (!program) return;
    const MailServer server(*program, {});
    REQUIRE_MESSAGE(server.is_ready(), server.log());
    struct Row {
        std::string to;
        int status;
        std::string says;
    };
    for (const Row& row : std::vector<Row>{{"nobody@example.com", 550, "no such user"},
                                           {"grey@example.com", 451, "greylisted"},
                                           {"private@example.com", 550, "log in first"},
                                           {"a@elsewhere.test", 550, "relaying"}}) {
        CAPTURE(row.to);
        const Answer answer = send_one(mail_to(server.url(), row.to));
        CHECK(answer.kind == Answer::Kind::answered);
        CHECK(answer.status == row.status);
        CHECK(answer.body.find(row.says) != std::string::npos);
        CHECK(answer.header("command") == "RCPT");
    }
    MailRequest wrong = mail_to(server.url());
    wrong.user_name = "tocsin";
    wrong.password = Secret("wrong");
    const Answer answer = send_one(wrong);
    CHECK(answer.status == 535);
    CHECK(answer.header("command") == "AUTH");
    MailRequest large = mail_to(server.url());
    large.message += std::string(2'000'000, 'x');
    CHECK(send_one(large).status / 100 == 5);
    CHECK(server.mails().empty());

    server.lift_greylisting();
    CHECK(send_one(mail_to(server.url(), "grey@example.com")).status == 250);
    CHECK(server.wait_for(1).size() == 1);
}
