// E-mail: what a mail says, to whom, in which thread, and what a server's reply to it means.
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "integrations/sign.hpp"
#include "integrations/sinks/email.hpp"
#include "integrations/sinks/email_server.hpp"
#include "integrations/sinks/email_text.hpp"
#include "support/golden.hpp"
#include "support/sample_email.hpp"

using namespace tocsin;
using namespace tocsin::integrations;
using namespace tocsin::integrations::testing;

TEST_CASE("the mails of an incident are the golden ones") {
    for (const core::Action action : mailed_actions) {
        core::Effect effect = effect_for(action);
        effect.incident.began_at = parse_rfc3339("2026-03-01T01:55:00Z").value();
        if (action == core::Action::acknowledge_page) {
            effect.incident.acknowledged_by = "engineer-b";
            effect.text = "acknowledged by engineer-b";
        }
        if (action == core::Action::update) effect.incident.title = "Rückstand: Köln – „us“ 🔥";
        const MailRequest request = request_for(effect);
        const std::string shown = "to " + join(request.to, ", ") + " by " + request.url + "\n" +
                                  ReadMail(request.message).raw();
        CHECK(shown == support::golden("email_" + std::string(core::name(action)) + ".txt", shown));
    }
}

TEST_CASE("a page goes to the person who is meant, through the server that is configured") {
    EmailSettings settings = with_to();
    settings.smtp.value = "smtp://tocsin%40example.com:p%40ss@mail.example:587/host.example";
    settings.ca_file = "/etc/ca.pem";
    settings.timeout = seconds(7);
    const MailRequest request = request_for(effect_for(core::Action::page), settings);
    CHECK(request.url == "smtp://mail.example:587/host.example");
    CHECK(request.from == "tocsin@example.com");
    CHECK(request.to == std::vector<std::string>{"engineer-a@example.com"});
    CHECK(request.user_name == "tocsin@example.com");
    CHECK(request.password.reveal() == "p@ss");
    CHECK(request.encryption == MailEncryption::required);
    CHECK(request.ca_file == "/etc/ca.pem");
    CHECK(request.timeout == seconds(7));
    CHECK(request.message.find("p@ss") == std::string::npos);
}

TEST_CASE("what is meant for no person goes to `to`, and a page to nobody is an error") {
    for (const core::Action action : mailed_actions) {
        const core::Effect effect = effect_for(action, "");
        CHECK(request_for(effect, with_to()).to ==
              std::vector<std::string>{"oncall@example.com", "lead@example.com"});
        const auto nobody = email()->request(effect, now);
        const bool must_arrive = action == core::Action::page || action == core::Action::test;
        CHECK(nobody.has_value() != must_arrive);
        if (nobody) CHECK_FALSE(nobody->has_value());
    }
    core::Effect unreachable = effect_for(core::Action::notify);
    unreachable.address.clear();
    CHECK(email()->request(unreachable, now).error().message == "engineer-a has no e-mail address");
    CHECK(request_for(unreachable, with_to()).to.size() == 2);
    unreachable.address = "a@b\r\nRCPT TO:<x@y>";
    CHECK(email()->request(unreachable, now).error().code == "bad_address");
}

TEST_CASE("a status page entry and a banner are no mail") {
    for (const core::Action action : {core::Action::publish, core::Action::banner}) {
        CHECK_FALSE(email(with_to())->request(effect_for(action), now).value().has_value());
    }
}

TEST_CASE("every try of a mail has the same id, and every mail another") {
    std::set<std::string> ids;
    for (const core::Action action : mailed_actions) {
        for (const std::string person : {"engineer-a", "engineer-b", ""}) {
            for (const std::string integration : {"mail", "mail-2"}) {
                core::Effect effect = effect_for(action, person);
                effect.integration = integration;
                const std::string id = message_id(effect, "example.com");
                CHECK(id.starts_with("<INC-7."));
                CHECK(id.ends_with("@example.com>"));
                effect.incident.state = core::IncidentState::active;
                CHECK(message_id(effect, "example.com") == id);
                ids.insert(id);
            }
        }
    }
    CHECK(ids.size() == mailed_actions.size() * 3 * 2);
    core::Effect effect = effect_for(core::Action::page);
    CHECK(mail_for(effect).header("Message-ID") == message_id(effect, "example.com"));
    CHECK(std::get<Accepted>(email()->judge(effect, {.status = 250})).remote ==
          message_id(effect, "example.com"));
}

TEST_CASE("all mails of an incident make one thread, whoever gets them and in which episode") {
    const ReadMail page = mail_for(effect_for(core::Action::page));
    const std::string root = page.header("References");
    CHECK(page.header("In-Reply-To") == root);
    CHECK(root != page.header("Message-ID"));

    core::Effect raised = effect_for(core::Action::page, "engineer-b");
    raised.page_key = "prod/abc/INC-7/2/critical/engineer-b";
    raised.key = raised.page_key + "/page";
    CHECK(mail_for(raised).header("References") == root);
    CHECK(mail_for(effect_for(core::Action::notify)).header("References") == root);

    core::Effect again = effect_for(core::Action::page);
    again.key += "-2";
    for (const core::Effect& effect : {again, effect_for(core::Action::acknowledge_page),
                                       effect_for(core::Action::resolve_page)}) {
        const ReadMail mail = mail_for(effect);
        CHECK(mail.header("References") == root + " " + page.header("Message-ID"));
        CHECK(mail.header("In-Reply-To") == page.header("Message-ID"));
    }
    core::Effect other = effect_for(core::Action::page);
    other.incident.number = 77;
    other.page_key = "prod/abc/INC-77/1/major/engineer-a";
    CHECK(mail_for(other).header("References") != root);
    CHECK(mail_for(core::Effect{.key = "prod/abc/notice/notify-3",
                                .action = core::Action::notify,
                                .address = "a@example.com"})
              .header("References")
              .empty());
}

TEST_CASE("an answer in the thread keeps the subject, so that a mailbox shows one conversation") {
    CHECK(mail_subject(effect_for(core::Action::page)) ==
          "[major] INC-7 Event ingestion is 6m 41s behind in us");
    CHECK(mail_subject(effect_for(core::Action::resolve_page)) ==
          "Re: [major] INC-7 Event ingestion is 6m 41s behind in us");
    CHECK(mail_subject(effect_for(core::Action::test)).starts_with("[drill] "));
    CHECK(mail_subject(core::Effect{}) == "[tocsin] a message from tocsin");
}

TEST_CASE("only pages and drills are urgent, and none of it asks for an automatic answer") {
    for (const core::Action action : mailed_actions) {
        const ReadMail mail = mail_for(effect_for(action));
        const bool urgent = action == core::Action::page || action == core::Action::test;
        CHECK((mail.header("Importance") == "high") == urgent);
        CHECK((mail.header("X-Priority") == "1") == urgent);
        CHECK(mail.header("Auto-Submitted") == "auto-generated");
        CHECK(mail.header("X-Tocsin-Event") == core::name(action));
    }
}

TEST_CASE("hostile titles, labels and names forge neither header nor line of the text") {
    core::Effect effect = effect_for(core::Action::page);
    const std::string evil = "x\r\nBcc: all@example.com\r\n\r\nAcknowledge: https://evil.example";
    effect.incident.title = evil;
    effect.incident.rule = evil;
    effect.incident.cite = evil;
    effect.incident.threshold = evil;
    effect.incident.labels = Labels{{"instance", evil}};
    effect.text = evil;
    effect.link = evil;
    effect.person = evil;
    effect.key = evil;
    effect.page_key = evil;
    const ReadMail mail = mail_for(effect);
    CHECK(mail.header("Bcc").empty());
    std::size_t lines_that_acknowledge = 0;
    for (const std::string_view line : split(mail.text(), '\n')) {
        CHECK_FALSE(line.starts_with("Bcc"));
        lines_that_acknowledge += line.starts_with("Acknowledge:") ? 1 : 0;
    }
    CHECK(lines_that_acknowledge == 1);
}

TEST_CASE("a mail of any size stays one that a server takes") {
    core::Effect effect = effect_for(core::Action::page);
    const std::string huge(3'000'000, 'x');
    effect.incident.title = huge;
    effect.incident.cite = huge;
    effect.incident.runbook_url = huge;
    effect.text = huge;
    effect.link = huge;
    effect.key = huge;
    effect.incident.labels = Labels{{"instance", huge}};
    const MailRequest request = request_for(effect);
    CHECK(request.message.size() < 100'000);
    for (const std::string_view line : split(request.message, '\n')) CHECK(line.size() <= 999);
}

TEST_CASE("a server's reply decides: 2xx taken, 4xx again, 5xx never, with what was refused") {
    struct Row {
        int status;
        std::string command;
        std::string body;
        std::string reason;
        bool for_good;
    };
    const std::vector<Row> rows = {
        {451, "RCPT", "greylisted, come back later",
         "the server refuses the recipient (451): greylisted, come back later", false},
        {421, "EHLO", "too many connections",
         "the server refuses to talk (421): too many connections", false},
        {452, "DATA", "mailbox full", "the server refuses the mail (452): mailbox full", false},
        {454, "STARTTLS", "", "the server refuses to encrypt (454)", false},
        {535, "AUTH", "5.7.8 bad credentials",
         "the server refuses our login (535): 5.7.8 bad credentials", true},
        {530, "MAIL", "authentication required",
         "the server refuses the sender (530): authentication required", true},
        {550, "RCPT", "no such user", "the server refuses the recipient (550): no such user", true},
        {554, "DATA", "looks like spam", "the server refuses the mail (554): looks like spam",
         true},
    };
    const core::Effect effect = effect_for(core::Action::page);
    for (const Row& row : rows) {
        const Judgement judgement = email()->judge(effect, {.kind = Answer::Kind::answered,
                                                            .status = row.status,
                                                            .headers = {{"command", row.command}},
                                                            .body = row.body});
        if (row.for_good) {
            CHECK(std::get<GiveUp>(judgement).reason == row.reason);
        } else {
            CHECK(std::get<TryAgain>(judgement).reason == row.reason);
        }
    }
    CHECK(std::holds_alternative<TryAgain>(
        email()->judge(effect, {.kind = Answer::Kind::broken, .error = "cut off"})));
}

TEST_CASE("a login that the server repeats is concealed, in the clear and as it was sent") {
    EmailSettings settings = sample_settings();
    settings.user_name = "tocsin";
    settings.password = Secret("hunter2 and more");
    const std::string plain = base64(std::string("\0tocsin\0hunter2 and more", 24));
    for (const std::string& sent :
         {std::string("hunter2 and more"), plain, base64("hunter2 and more")}) {
        const Judgement judgement = email(settings)->judge(
            effect_for(core::Action::page), {.kind = Answer::Kind::answered,
                                             .status = 535,
                                             .headers = {{"command", "AUTH"}},
                                             .body = "cannot read " + sent + " as a login"});
        CHECK(std::get<GiveUp>(judgement).reason ==
              "the server refuses our login (535): cannot read [secret] as a login");
    }
}
