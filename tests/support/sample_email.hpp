#pragma once
// An e-mail integration, effects for it and the mails that it makes of them.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "integrations/sinks/email.hpp"
#include "support/mail_reader.hpp"
#include "support/sample_effect.hpp"

namespace tocsin::integrations::testing {

using support::ReadMail;

inline const Instant now = parse_rfc3339("2026-03-01T02:00:01Z").value();
inline const SinkContext context{
    .name = "mail", .public_url = "https://tocsin.example", .call_url = "https://call.example"};

inline EmailSettings sample_settings() {
    EmailSettings settings;
    settings.smtp.value = "smtps://mail.example";
    settings.from.value = "tocsin <tocsin@example.com>";
    return settings;
}

struct Made {
    std::optional<std::shared_ptr<const Sink>> sink;
    std::vector<schema::Diagnostic> problems;
};

inline Made make(EmailSettings settings) {
    schema::Diagnostics diagnostics;
    const schema::Reader reader{.file = "tocsin.yaml", .diagnostics = diagnostics};
    auto sink = make_email(std::move(settings), reader, context);
    return {std::move(sink), diagnostics.sorted()};
}

inline std::shared_ptr<const Sink> email(EmailSettings settings = sample_settings()) {
    return make(std::move(settings)).sink.value();
}

inline EmailSettings with_to() {
    EmailSettings settings = sample_settings();
    settings.to = {{"oncall@example.com"}, {"lead@example.com"}};
    for (auto& one : settings.to) one.given = true;
    return settings;
}

inline core::Effect effect_for(core::Action action, const std::string& person = "engineer-a") {
    core::Effect effect = support::sample_effect(action);
    effect.integration = "mail";
    effect.link = "https://tocsin.example/incidents/INC-7?k=the-key-of-this-link";
    effect.person = person;
    if (!person.empty()) {
        effect.address = person + "@example.com";
        effect.page_key += "/" + person;
        effect.key = effect.page_key + "/" + std::string(core::name(action));
    }
    return effect;
}

inline MailRequest request_for(const core::Effect& effect,
                               EmailSettings settings = sample_settings()) {
    return std::get<MailRequest>(email(std::move(settings))->request(effect, now).value().value());
}

inline ReadMail mail_for(const core::Effect& effect) {
    return ReadMail(request_for(effect).message);
}

inline const std::vector<core::Action> mailed_actions = {
    core::Action::page,         core::Action::acknowledge_page,
    core::Action::resolve_page, core::Action::update,
    core::Action::test,         core::Action::notify};

}  // namespace tocsin::integrations::testing
