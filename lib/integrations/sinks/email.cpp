// Builds the message for an effect, and reads what the server's reply to it means.
#include "integrations/sinks/email.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "integrations/mail_message.hpp"
#include "integrations/sign.hpp"
#include "integrations/sinks/email_server.hpp"
#include "integrations/sinks/email_text.hpp"
#include "integrations/sinks/kind.hpp"

namespace tocsin::integrations {

namespace {

using core::Action;

/// What a server refuses with its answer to this command.
std::string_view refused_by(std::string_view command) {
    struct Row {
        std::string_view command;
        std::string_view refused;
    };
    static constexpr std::array<Row, 5> rows = {
        {{"AUTH", "the server refuses our login"},
         {"MAIL", "the server refuses the sender"},
         {"RCPT", "the server refuses the recipient"},
         {"DATA", "the server refuses the mail"},
         {"STARTTLS", "the server refuses to encrypt"}},
    };
    for (const Row& row : rows) {
        if (row.command == command) return row.refused;
    }
    return "the server refuses to talk";
}

struct Configured {
    MailServer server;
    Mailbox from;
    std::string reply_to;
    std::vector<std::string> to;
    MailEncryption encryption = MailEncryption::required;
    std::string ca_file;
    Duration timeout{};
};

class Email final : public Sink {
public:
    Email(Configured configured, SinkContext context)
        : mail_(std::move(configured)), context_(std::move(context)) {
        const std::string& password = mail_.server.password.reveal();
        if (password.empty()) return;
        const std::string separator(1, '\0');
        hidden_ = {password, base64(password),
                   base64(separator + mail_.server.user_name + separator + password)};
    }

    [[nodiscard]] Result<std::optional<Request>> request(const core::Effect& effect,
                                                         Instant now) const override {
        if (effect.action == Action::publish || effect.action == Action::banner) {
            return std::optional<Request>();
        }
        std::vector<std::string> to = recipients(effect);
        if (to.empty()) return nobody(effect);
        if (!std::ranges::all_of(to, is_mail_address)) {
            return Error{.code = "bad_address",
                         .message = "the address of " + one_line(effect.person) +
                                    " is not an e-mail address"};
        }
        MailRequest request{.url = mail_.server.url,
                            .from = mail_.from.address,
                            .to = to,
                            .user_name = mail_.server.user_name,
                            .password = mail_.server.password,
                            .encryption = mail_.encryption,
                            .ca_file = mail_.ca_file};
        request.message = write_message(message(effect, std::move(to), now));
        request.timeout = mail_.timeout;
        return std::optional<Request>(std::move(request));
    }

    /// 2xx: the server answers for it from now on. 4xx (greylisting, a busy mailbox): again. 5xx:
    /// for good (RFC 5321 §4.2.1).
    [[nodiscard]] Judgement judge(const core::Effect& effect, const Answer& answer) const override {
        Answer safe = answer;
        safe.body = conceal(std::move(safe.body));
        safe.error = conceal(std::move(safe.error));
        if (safe.kind != Answer::Kind::answered) return judge_by_status(safe);
        const int group = safe.status / 100;
        if (group == 2) return Accepted{.remote = message_id(effect, domain())};
        std::string reason(refused_by(safe.header("command").value_or("")));
        reason += " (" + std::to_string(safe.status) + ")";
        if (const std::string said = quote_peer(safe.body); !said.empty()) reason += ": " + said;
        if (group == 5) return GiveUp{.reason = std::move(reason)};
        return TryAgain{.reason = std::move(reason)};
    }

private:
    /// The person who is meant, else whoever `to` names.
    [[nodiscard]] std::vector<std::string> recipients(const core::Effect& effect) const {
        if (!effect.address.empty()) return {effect.address};
        return mail_.to;
    }

    /// A page that reaches nobody is an error; news that nobody wants to hear are no work.
    [[nodiscard]] static Result<std::optional<Request>> nobody(const core::Effect& effect) {
        if (!effect.person.empty()) {
            return Error{.code = "no_address",
                         .message = one_line(effect.person) + " has no e-mail address"};
        }
        if (effect.action != Action::page && effect.action != Action::test) {
            return std::optional<Request>();
        }
        return Error{.code = "no_address",
                     .message = "there is nobody to mail: nobody is on call, and `to` is not set"};
    }

    [[nodiscard]] std::string_view domain() const {
        return std::string_view(mail_.from.address).substr(mail_.from.address.find('@') + 1);
    }

    [[nodiscard]] MailMessage message(const core::Effect& effect, std::vector<std::string> to,
                                      Instant now) const {
        MailMessage message{.from = mail_.from,
                            .to = std::move(to),
                            .reply_to = mail_.reply_to,
                            .subject = mail_subject(effect),
                            .date = now,
                            .message_id = message_id(effect, domain()),
                            .references = thread_of(effect, domain())};
        // RFC 3834: no holiday notice answers this. The other two are for mailboxes that sort.
        message.headers = {{"Auto-Submitted", "auto-generated"},
                           {"X-Auto-Response-Suppress", "All"},
                           {"X-Tocsin-Event", std::string(core::name(effect.action))}};
        if (effect.incident.number != 0) {
            message.headers.emplace_back("X-Tocsin-Incident",
                                         core::incident_id(effect.incident.number));
            message.headers.emplace_back("X-Tocsin-Severity",
                                         std::string(core::name(effect.incident.severity)));
        }
        if (effect.action == Action::page || effect.action == Action::test) {
            message.headers.emplace_back("Importance", "high");
            message.headers.emplace_back("X-Priority", "1");
        }
        message.text = mail_text(effect, context_);
        return message;
    }

    /// Some servers repeat the line that they refuse.
    [[nodiscard]] std::string conceal(std::string text) const {
        for (const std::string& hidden : hidden_) {
            std::size_t at = text.find(hidden);
            for (; at != text.npos; at = text.find(hidden, at)) {
                text.replace(at, hidden.size(), "[secret]");
                at += std::string_view("[secret]").size();
            }
        }
        return text;
    }

    Configured mail_;
    SinkContext context_;
    std::vector<std::string> hidden_;
};

/// What is not as it must be, each with its place; false if anything is.
class Checks {
public:
    Checks(EmailSettings settings, const schema::Reader& reader)
        : settings_(std::move(settings)), reader_(reader) {}

    [[nodiscard]] std::optional<Configured> run() {
        server();
        from();
        mail_.reply_to = address(settings_.reply_to, "reply_to");
        for (const auto& one : settings_.to) mail_.to.push_back(address(one, "to"));
        encryption();
        mail_.ca_file = settings_.ca_file;
        mail_.timeout = settings_.timeout;
        if (settings_.timeout < seconds(1)) {
            error(settings_.at, "`timeout` is under a second: no mail would ever be sent");
        }
        if (!sound_) return std::nullopt;
        return std::move(mail_);
    }

private:
    void error(schema::Position at, std::string message, std::string hint = {}) {
        sound_ = false;
        note(schema::Level::error, at, std::move(message), std::move(hint));
    }

    /// In flow style all settings share a line: it is not shown if a login stands in it.
    void note(schema::Level level, schema::Position at, std::string message, std::string hint) {
        reader_.diagnostics.add({.level = level,
                                 .file = reader_.file,
                                 .at = at,
                                 .message = std::move(message),
                                 .hint = std::move(hint),
                                 .secret = settings_.smtp.value.find('@') != std::string::npos});
    }

    void server() {
        Result<MailServer> server = parse_mail_server(settings_.smtp.value);
        const schema::Position at = settings_.smtp.at;
        const bool has_login = !settings_.user_name.empty() || !settings_.password.empty();
        if (!server) {
            error(at, server.error().message,
                  "write smtp://HOST:587 (STARTTLS) or smtps://HOST (TLS)");
            return;
        }
        if (server->has_login && has_login) {
            error(at, "there is a login in `smtp` and another beside it");
            return;
        }
        if (has_login && (settings_.user_name.empty() || settings_.password.empty())) {
            error(settings_.at, "`user_name` and `password` are needed both, or neither");
        }
        if (server->has_login && !server->password.empty()) {
            note(schema::Level::warning, at, "a password stands in this file",
                 "use `user_name:` and `password: {file: PATH}`");
        }
        mail_.server = *server;
        if (has_login) {
            mail_.server.user_name = settings_.user_name;
            mail_.server.password = settings_.password;
        }
    }

    void from() {
        const auto mailbox = parse_mailbox(settings_.from.value);
        if (mailbox) {
            mail_.from = *mailbox;
            return;
        }
        error(settings_.from.at, "`from` is not an e-mail address",
              "write tocsin@example.com or \"tocsin <tocsin@example.com>\"");
    }

    std::string address(const schema::Located<std::string>& text, std::string_view key) {
        const bool fits = is_mail_address(text.value) || !text.given;
        if (!fits) {
            error(text.at, "`" + std::string(key) + "` is not an e-mail address");
        }
        return text.value;
    }

    void encryption() {
        const auto& asked = settings_.tls.value;
        const MailServer& server = mail_.server;
        const auto by_default =
            server.is_loopback ? MailEncryption::never : MailEncryption::required;
        mail_.encryption =
            server.implicit_tls ? MailEncryption::required : asked.value_or(by_default);
        if (server.implicit_tls && asked && *asked != MailEncryption::required) {
            error(settings_.tls.at, "smtps:// is encrypted in any case",
                  "take `tls` away, or write smtp://");
        }
        const bool in_the_clear = mail_.encryption != MailEncryption::required;
        if (in_the_clear && !server.is_loopback && !server.password.empty()) {
            note(schema::Level::warning, settings_.tls.at, "the password may travel in the clear",
                 "write `tls: required`, or take it away");
        }
    }

    EmailSettings settings_;
    const schema::Reader& reader_;
    Configured mail_;
    bool sound_ = true;
};

}  // namespace

schema::Table<EmailSettings> table_of(const EmailSettings* /*type*/) {
    using S = EmailSettings;
    using schema::field;
    return {
        .name = "email integration",
        .fields = {
            field("smtp", &S::smtp,
                  "The server: smtps://HOST (TLS from the first byte), or smtp://HOST:587 "
                  "(STARTTLS). A path is the name that we greet it with.",
                  schema::Need::required),
            field("from", &S::from, "The sender, ADDRESS or NAME <ADDRESS>.",
                  schema::Need::required),
            field("user_name", &S::user_name, "The name to log in with."),
            field("password", &S::password, "The password to log in with."),
            field("reply_to", &S::reply_to, "Where answers of people go."),
            field("to", &S::to,
                  "Addresses that get what is meant for no person: pages when nobody is on "
                  "call, announcements."),
            field("tls", &S::tls,
                  "How smtp:// is protected: required (the default; to loopback: never), "
                  "optional (if the server offers it), never."),
            field("ca_file", &S::ca_file, "Certificates (PEM) to trust instead of the system's."),
            field("timeout", &S::timeout, "How long a whole mail may take."),
        }};
}

std::optional<std::shared_ptr<const Sink>> make_email(EmailSettings settings,
                                                      const schema::Reader& reader,
                                                      SinkContext context) {
    std::optional<Configured> configured = Checks(std::move(settings), reader).run();
    if (!configured) return std::nullopt;
    return std::make_shared<Email>(std::move(*configured), std::move(context));
}

IntegrationKind email_kind() {
    return with_settings<EmailSettings>({.name = "email",
                                         .help = "Mail to a person, through an SMTP server.",
                                         .reach = core::Reach::person,
                                         .address = core::Address::email,
                                         .can_page = true,
                                         .width = 4},
                                        &make_email);
}

}  // namespace tocsin::integrations

namespace tocsin::schema {

std::vector<Choice<integrations::MailEncryption>> Names<integrations::MailEncryption>::rows() {
    using integrations::MailEncryption;
    return {{"required", MailEncryption::required},
            {"optional", MailEncryption::optional},
            {"never", MailEncryption::never}};
}

}  // namespace tocsin::schema
