// Mail through the real Net: scripted servers that stall, lie, drip and never stop talking.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "shell/net_simulated.hpp"
#include "support/net_requests.hpp"
#include "support/smtp_peer.hpp"

using namespace tocsin;
using integrations::Answer;
using integrations::MailEncryption;
using integrations::MailRequest;
using test::send_all;
using test::send_one;
using test::SmtpPeer;

namespace {

const std::string message = "Subject: s\r\n\r\none\r\n.two\r\n..three\r\n.\r\nend\r\n";

MailRequest mail_to(const std::string& url) {
    MailRequest mail{.url = url, .from = "tocsin@example.com", .to = {"a@example.com"}};
    mail.encryption = MailEncryption::never;
    mail.message = message;
    mail.timeout = seconds(15);
    return mail;
}

std::string command_of(const Answer& answer) {
    return answer.header("command").value_or("");
}

/// Like a polite server, but for the lines that begin with `verb`.
SmtpPeer::Reply but(std::string verb, std::string answer) {
    return [verb = std::move(verb), answer = std::move(answer)](std::string_view line) {
        return line.starts_with(verb) ? answer : SmtpPeer::polite(line);
    };
}

}  // namespace

TEST_CASE("a mail arrives as it was written, each on a connection of its own") {
    SmtpPeer peer;
    const auto answers =
        send_all({{"mail/0", mail_to(peer.url())}, {"mail/0", mail_to(peer.url())}});
    for (const Answer& answer : answers) {
        CHECK(answer.kind == Answer::Kind::answered);
        CHECK(answer.status == 250);
        CHECK(answer.body == "ok");
        CHECK(command_of(answer) == "DATA");
    }
    REQUIRE(peer.mails().size() == 2);
    // With its dots stuffed (RFC 5321 §4.5.2).
    CHECK(peer.mails()[0] == "Subject: s\r\n\r\none\r\n..two\r\n...three\r\n..\r\nend\r\n");
    CHECK(peer.connections() == 2);
}

TEST_CASE("the reply that refuses a mail is the answer, with the command that it refuses") {
    struct Row {
        std::string verb;
        std::string reply;
        int status;
        std::string text;
    };
    const std::vector<Row> rows = {
        {"MAIL", "550 5.7.1 not you\r\n", 550, "5.7.1 not you"},
        {"RCPT", "550-no such\r\n550 user here\r\n", 550, "no such user here"},
        {"RCPT", "451 greylisted\r\n", 451, "greylisted"},
        {"DATA", "452 full\r\n", 452, "full"},
        {"RCPT", "421\r\n", 421, ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.reply);
        SmtpPeer peer(but(row.verb, row.reply));
        const Answer answer = send_one(mail_to(peer.url()));
        CHECK(answer.kind == Answer::Kind::answered);
        CHECK(answer.status == row.status);
        CHECK(answer.body == row.text);
        CHECK(command_of(answer) == row.verb);
        CHECK(peer.mails().empty());
    }
    SmtpPeer spam([](std::string_view line) {
        return line == "." ? std::string("554 spam\r\n") : SmtpPeer::polite(line);
    });
    CHECK(send_one(mail_to(spam.url())).status == 554);
    SmtpPeer busy([](std::string_view) { return std::string("421 too many connections\r\n"); });
    const Answer answer = send_one(mail_to(busy.url()));
    CHECK(answer.status == 421);
    CHECK(answer.body == "too many connections");
}

TEST_CASE("of several addresses those that are refused are left out, unless all are") {
    int recipients = 0;
    SmtpPeer peer([&](std::string_view line) {
        const bool refused = line.starts_with("RCPT") && line.find("<no") != line.npos;
        recipients += line.starts_with("RCPT") && !refused ? 1 : 0;
        return refused ? std::string("550 no such user\r\n") : SmtpPeer::polite(line);
    });
    MailRequest mail = mail_to(peer.url());
    mail.to = {"no@example.com", "a@example.com", "nobody@example.com"};
    CHECK(send_one(mail).status == 250);
    CHECK(recipients == 1);
    mail.to = {"no@example.com", "nobody@example.com"};
    CHECK(send_one(mail).status == 550);
    CHECK(peer.mails().size() == 1);
}

TEST_CASE(
    "a connection that breaks before the final dot was certainly not received, after it maybe") {
    struct Row {
        std::string verb;
        Answer::Kind kind;
    };
    for (const Row& row : {Row{"", Answer::Kind::unreachable},
                           {"EHLO", Answer::Kind::unreachable},
                           {"MAIL", Answer::Kind::unreachable},
                           {"RCPT", Answer::Kind::unreachable},
                           {"DATA", Answer::Kind::unreachable},
                           {".", Answer::Kind::broken}}) {
        CAPTURE(row.verb);
        SmtpPeer peer([&row](std::string_view line) {
            const bool here = row.verb.empty() ? line.empty() : line.starts_with(row.verb);
            return here ? std::string() : SmtpPeer::polite(line);
        });
        const Answer answer = send_one(mail_to(peer.url()));
        CHECK(answer.kind == row.kind);
        CHECK(answer.error.find("127.0.0.1") != std::string::npos);
        CHECK(peer.mails().size() == (row.kind == Answer::Kind::broken ? 1 : 0));
    }
}

TEST_CASE("a server that takes the mail and is never done with its farewell has taken it") {
    for (const std::string farewell : {"", "221-", "4", "550 no\r\n"}) {
        CAPTURE(farewell);
        SmtpPeer peer(but("QUIT", farewell));
        const Answer answer = send_one(mail_to(peer.url()));
        CHECK(answer.kind == Answer::Kind::answered);
        CHECK(answer.status == 250);
    }
}

TEST_CASE("a server that is silent, drips or never stops is cut off at the deadline") {
    struct Row {
        std::string sentence;
        test::FakePeer::Script script;
        std::string says;
    };
    const auto wait_until_closed = [](test::RawSocket& socket) {
        static_cast<void>(socket.read_until_closed());
    };
    const std::vector<Row> rows = {
        {"silent", [&](test::RawSocket& socket, int) { wait_until_closed(socket); }, "in time"},
        {"a line without an end",
         [](test::RawSocket& socket, int) {
             const std::string piece(10'000, 'x');
             while (socket.send(piece)) continue;
         },
         ""},
        {"replies without an end",
         [](test::RawSocket& socket, int) {
             std::string piece;
             for (int i = 0; i < 1'000; ++i) piece += "220-hello\r\n";
             while (socket.send(piece)) continue;
         },
         "endless replies"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        test::FakePeer peer(row.script);
        MailRequest mail = mail_to("smtp" + peer.url("").substr(4));
        mail.timeout = seconds(1);
        const Answer answer = send_one(mail);
        CHECK(answer.kind == Answer::Kind::unreachable);
        CHECK(answer.error.find(row.says) != std::string::npos);
    }
}

TEST_CASE("a mail whose answer does not come in time may have been received") {
    SmtpPeer peer([](std::string_view line) {
        return line == "." ? std::string("250-wait") : SmtpPeer::polite(line);
    });
    MailRequest mail = mail_to(peer.url());
    mail.timeout = seconds(1);
    CHECK(send_one(mail).kind == Answer::Kind::broken);
}

TEST_CASE("nothing is sent in the clear where encryption is required") {
    SmtpPeer peer;
    MailRequest mail = mail_to(peer.url());
    mail.encryption = MailEncryption::required;
    mail.user_name = "u";
    mail.password = Secret("s3cret");
    const Answer answer = send_one(mail);
    CHECK(answer.kind == Answer::Kind::unreachable);
    CHECK(answer.error.find("offers no STARTTLS") != std::string::npos);
    CHECK(peer.mails().empty());
    mail.encryption = MailEncryption::optional;
    CHECK(send_one(mail).status == 250);
}

TEST_CASE("a server without a login, or with none in common, is said to be so") {
    SmtpPeer peer(but("EHLO", "250-mail.test\r\n250 AUTH GSSAPI\r\n"));
    MailRequest mail = mail_to(peer.url());
    mail.user_name = "u";
    mail.password = Secret("s3cret");
    const Answer answer = send_one(mail);
    CHECK(answer.status == 504);
    CHECK(command_of(answer) == "AUTH");
    CHECK(peer.mails().empty());
}

TEST_CASE("no address can write a command, and no wrong one leaves the house") {
    SmtpPeer peer;
    struct Row {
        std::string url;
        std::string from;
        std::vector<std::string> to;
    };
    const std::string good = "a@example.com";
    for (const Row& row : std::vector<Row>{{peer.url(), good, {"a@b>\r\nRCPT TO:<x@y"}},
                                           {peer.url(), "a@b> SIZE=1", {good}},
                                           {peer.url(), good, {}},
                                           {peer.url() + "/a b", good, {good}},
                                           {"smtp://u:s3cret@127.0.0.1", good, {good}},
                                           {"http://127.0.0.1:1", good, {good}},
                                           {"smtp://", good, {good}}}) {
        MailRequest mail = mail_to(row.url);
        mail.from = row.from;
        mail.to = row.to;
        const Answer answer = send_one(mail);
        CHECK(answer.kind == Answer::Kind::unreachable);
        CHECK_FALSE(answer.error.empty());
        CHECK(answer.error.find("s3cret") == std::string::npos);
    }
    CHECK(peer.connections() == 0);
}

TEST_CASE("a server that is not there is not reached") {
    std::string closed;
    {
        const SmtpPeer peer;
        closed = peer.url();
    }
    const Answer answer = send_one(mail_to(closed));
    CHECK(answer.kind == Answer::Kind::unreachable);
    CHECK(answer.error == "cannot connect to " + closed);
}

TEST_CASE("the simulated net carries mail to the peer of its address") {
    const Instant start = Instant(hours(24));
    shell::RuntimeSimulated runtime(start);
    shell::NetSimulated net(runtime, 1);
    std::vector<std::string> taken;
    net.peer("smtp://mail", [](const integrations::HttpRequest&) { return Answer{.status = 200}; });
    net.mail_peer("smtp://mail.example", [&](const MailRequest& mail) {
        taken.push_back(mail.to.at(0));
        return Answer{.status = 250};
    });
    std::vector<int> statuses;
    for (const std::string url : {"smtp://mail.example:587", "smtp://elsewhere"}) {
        net.send("mail/0", mail_to(url), [&](const Answer& answer) {
            statuses.push_back(answer.kind == Answer::Kind::answered ? answer.status : 0);
        });
    }
    net.mail_peer("smtp://lost", [](const MailRequest&) { return Answer{.status = 250}; },
                  {.lost_after = 1.0});
    net.send("mail/1", mail_to("smtp://lost"), [&](const Answer& answer) {
        CHECK(answer.kind == Answer::Kind::broken);
        CHECK(runtime.now() - start >= seconds(15));
    });
    runtime.run_for(minutes(1));
    CHECK(taken == std::vector<std::string>{"a@example.com"});
    CHECK(statuses == std::vector<int>{250, 0});
}
