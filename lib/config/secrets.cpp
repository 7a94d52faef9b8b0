// Reads a secret and cleans it of the line break that editors leave.
#include "config/secrets.hpp"

#include "base/text.hpp"
#include "core/limits.hpp"

namespace tocsin::config {
namespace {

Error problem(std::string message, std::string code = "secret") {
    return {.code = std::move(code), .message = std::move(message), .field = {}};
}

Result<std::string> cleaned(std::string secret, const std::string& where) {
    if (secret.ends_with('\n')) secret.pop_back();
    if (secret.ends_with('\r')) secret.pop_back();
    if (secret.empty()) return problem("the secret in " + where + " is empty");
    if (secret.size() > core::limits::secret_bytes_max) {
        return problem("the secret in " + where + " is larger than " +
                       std::to_string(core::limits::secret_bytes_max) + " bytes");
    }
    if (secret.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
        return problem("the secret in " + where + " has more than one line");
    }
    return secret;
}

Result<std::string> from_file(const std::string& path, const Files& files) {
    Result<std::string> text = files.read(path);
    if (!text) return problem(text.error().message);
    return cleaned(*std::move(text), path);
}

}  // namespace

std::string resolve_path(const std::string& folder, const std::string& path) {
    return path.starts_with('/') ? path : folder + path;
}

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

Result<std::string> fetch_secret(const schema::SecretRef& ref, const std::string& folder,
                                 const Files& files) {
    if (ref.from == schema::SecretRef::From::file) {
        return from_file(resolve_path(folder, ref.name), files);
    }
    if (ref.from == schema::SecretRef::From::env) {
        const auto value = files.environment(ref.name);
        if (!value) return problem("the environment variable " + ref.name + " is not set");
        return cleaned(*value, "the environment variable " + ref.name);
    }
    if (ref.name.find('/') != std::string::npos) {
        return problem("a credential is a name, not a path: " + ref.name);
    }
    const auto credentials = files.environment("CREDENTIALS_DIRECTORY");
    if (!credentials) {
        return problem("the credential " + ref.name +
                           " is not there: CREDENTIALS_DIRECTORY is not set (systemd's "
                           "LoadCredential= sets it)",
                       "no_credentials");
    }
    return from_file(*credentials + "/" + ref.name, files);
}

}  // namespace tocsin::config
