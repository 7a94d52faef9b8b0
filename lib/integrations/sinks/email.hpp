#pragma once
// E-mail as a sink: one message to the person who is meant, through an SMTP server (RFC 5321).

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "integrations/registry.hpp"
#include "schema/field.hpp"

namespace tocsin::integrations {

struct EmailSettings {
    schema::Position at;  // of the entry
    schema::Located<std::string> smtp;
    schema::Located<std::string> from;
    std::string user_name;
    Secret password;
    schema::Located<std::string> reply_to;
    std::vector<schema::Located<std::string>> to;
    schema::Located<std::optional<MailEncryption>> tls;  // by default: none to loopback
    std::string ca_file;
    Duration timeout = seconds(30);
};
[[nodiscard]] schema::Table<EmailSettings> table_of(const EmailSettings*);

/// Nullopt after having noted what is wrong with the settings.
[[nodiscard]] std::optional<std::shared_ptr<const Sink>> make_email(EmailSettings settings,
                                                                    const schema::Reader& reader,
                                                                    SinkContext context);
[[nodiscard]] IntegrationKind email_kind();

}  // namespace tocsin::integrations

namespace tocsin::schema {

template <>
struct Names<integrations::MailEncryption> {
    static std::vector<Choice<integrations::MailEncryption>> rows();
};

}  // namespace tocsin::schema
