#include "common/signing/pkcs11_key.hpp"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "common/base/bytes.hpp"

namespace fanion::signing {
namespace {

// Of version 3.0 of the specification, which older headers do not have.
constexpr CK_MECHANISM_TYPE mechanism_eddsa = 0x1057;
constexpr CK_KEY_TYPE key_type_edwards = 0x40;
constexpr std::size_t key_bytes = 32;
constexpr std::size_t signature_bytes = 64;

unsigned char* mutable_octets(std::string_view text) {
    return const_cast<unsigned char*>(octets(text));  // the interface has no const
}

Error failed(const char* what, CK_RV code) {
    if (code == CKR_PIN_INCORRECT) return {Errc::unavailable, "the PIN is wrong"};
    if (code == CKR_PIN_LOCKED) return {Errc::unavailable, "the PIN is locked after too many wrong ones"};
    char text[32];
    std::snprintf(text, sizeof text, "0x%lx", code);
    return {Errc::unavailable, std::string("PKCS#11: ") + what + " returns " + text};
}

// The library of a module, initialised; both for the rest of the process, as other keys may use it.
Result<CK_FUNCTION_LIST*> load_module(const std::string& file) {
    void* const library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
        return Error{Errc::not_found, std::string("cannot load the PKCS#11 module: ") + ::dlerror()};
    using GetList = CK_RV (*)(CK_FUNCTION_LIST**);
    const auto get_list = reinterpret_cast<GetList>(::dlsym(library, "C_GetFunctionList"));
    CK_FUNCTION_LIST* list = nullptr;
    if (get_list == nullptr || get_list(&list) != CKR_OK || list == nullptr)
        return Error{Errc::not_found, file + " is no PKCS#11 module"};
    CK_C_INITIALIZE_ARGS arguments{};
    arguments.flags = CKF_OS_LOCKING_OK;
    const auto code = list->C_Initialize(&arguments);
    if (code != CKR_OK && code != CKR_CRYPTOKI_ALREADY_INITIALIZED) return failed("C_Initialize", code);
    return list;
}

// Labels of tokens are padded with blanks.
std::string label_of(const CK_TOKEN_INFO& token) {
    std::string label(reinterpret_cast<const char*>(token.label), sizeof token.label);
    label.erase(label.find_last_not_of(' ') + 1);
    return label;
}

Result<CK_SLOT_ID> find_token(CK_FUNCTION_LIST& module, const std::string& wanted) {
    CK_ULONG count = 0;
    auto code = module.C_GetSlotList(CK_TRUE, nullptr, &count);
    std::vector<CK_SLOT_ID> slots(count);
    if (code == CKR_OK) code = module.C_GetSlotList(CK_TRUE, slots.data(), &count);
    if (code != CKR_OK) return failed("C_GetSlotList", code);
    slots.resize(std::min<std::size_t>(count, slots.size()));
    std::optional<CK_SLOT_ID> found;
    for (const auto slot : slots) {
        CK_TOKEN_INFO token{};
        if (module.C_GetTokenInfo(slot, &token) != CKR_OK || label_of(token) != wanted) continue;
        if (found) return Error{Errc::conflict, "there are several tokens with the label '" + wanted + "'"};
        found = slot;
    }
    if (!found) return Error{Errc::not_found, "there is no token with the label '" + wanted + "'"};
    return *found;
}

// The only Ed25519 key of that class and label.
Result<CK_OBJECT_HANDLE> find_key(CK_FUNCTION_LIST& module, CK_SESSION_HANDLE session, CK_OBJECT_CLASS kind,
                                  const std::string& label) {
    auto type = key_type_edwards;
    CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &kind, sizeof kind},
                             {CKA_KEY_TYPE, &type, sizeof type},
                             {CKA_LABEL, mutable_octets(label), label.size()}};
    auto code = module.C_FindObjectsInit(session, wanted, std::size(wanted));
    if (code != CKR_OK) return failed("C_FindObjectsInit", code);
    std::array<CK_OBJECT_HANDLE, 2> found{};
    CK_ULONG count = 0;
    code = module.C_FindObjects(session, found.data(), found.size(), &count);
    module.C_FindObjectsFinal(session);
    if (code != CKR_OK) return failed("C_FindObjects", code);
    const auto what = std::string(kind == CKO_PRIVATE_KEY ? "private" : "public") + " Ed25519 key with the label '" +
                      label + "' in the token";
    if (count == 0) return Error{Errc::not_found, "there is no " + what};
    if (count > 1) return Error{Errc::conflict, "there is more than one " + what};
    return found[0];
}

// Version 3.0 says that the point is an OCTET STRING in DER; some tokens give its bytes alone.
Result<Ed25519PublicKey> read_public_key(CK_FUNCTION_LIST& module, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key) {
    std::string point(128, '\0');
    CK_ATTRIBUTE wanted{CKA_EC_POINT, point.data(), point.size()};
    const auto code = module.C_GetAttributeValue(session, key, &wanted, 1);
    if (code != CKR_OK) return failed("C_GetAttributeValue", code);
    point.resize(wanted.ulValueLen);
    constexpr std::string_view der_head("\x04\x20", 2);
    if (point.size() == der_head.size() + key_bytes && point.starts_with(der_head)) point.erase(0, der_head.size());
    return Ed25519PublicKey::from_raw(point);
}

class Pkcs11Key final : public SigningKey {
public:
    Pkcs11Key(Pkcs11Options options, CK_FUNCTION_LIST& module) : options_(std::move(options)), module_(module) {}
    ~Pkcs11Key() override { close(); }

    Result<> open() {
        if (auto logged_in = log_in(); !logged_in) return logged_in;
        const auto handle = find_key(module_, session_, CKO_PUBLIC_KEY, options_.key);
        if (!handle) return handle.error();
        auto key = read_public_key(module_, session_, *handle);
        if (!key) return key.error();
        public_key_ = std::move(*key);
        return {};
    }

    const Ed25519PublicKey& public_key() const noexcept override { return *public_key_; }
    bool is_local() const noexcept override { return false; }

    Result<std::string> sign(std::string_view message) const override {
        const std::lock_guard lock(mutex_);
        auto signature = sign_once(message);
        if (signature) return signature;
        close();
        if (auto logged_in = log_in(); !logged_in) return logged_in.error();
        return sign_once(message);
    }

private:
    Result<> log_in() const {
        const auto slot = find_token(module_, options_.token);
        if (!slot) return slot.error();
        auto code = module_.C_OpenSession(*slot, CKF_SERIAL_SESSION, nullptr, nullptr, &session_);
        if (code != CKR_OK) return failed("C_OpenSession", code);
        is_open_ = true;
        code = module_.C_Login(session_, CKU_USER, mutable_octets(options_.pin), options_.pin.size());
        if (code != CKR_OK && code != CKR_USER_ALREADY_LOGGED_IN) return failed("C_Login", code);
        const auto key = find_key(module_, session_, CKO_PRIVATE_KEY, options_.key);
        if (!key) return key.error();
        key_ = *key;
        return {};
    }

    void close() const {
        if (std::exchange(is_open_, false)) module_.C_CloseSession(session_);
    }

    Result<std::string> sign_once(std::string_view message) const {
        if (!is_open_) return Error{Errc::unavailable, "PKCS#11: there is no session"};
        CK_MECHANISM mechanism{mechanism_eddsa, nullptr, 0};
        auto code = module_.C_SignInit(session_, &mechanism, key_);
        if (code != CKR_OK) return failed("C_SignInit", code);
        std::string signature(signature_bytes, '\0');
        CK_ULONG length = signature.size();
        code = module_.C_Sign(session_, mutable_octets(message), message.size(), octets(signature), &length);
        if (code != CKR_OK) return failed("C_Sign", code);
        if (length != signature_bytes || !public_key_->verify(message, signature))
            return Error{Errc::unavailable, "PKCS#11: what C_Sign has made is no signature of the public key"};
        return signature;
    }

    const Pkcs11Options options_;
    CK_FUNCTION_LIST& module_;
    std::optional<Ed25519PublicKey> public_key_;  // set by open(), then never changed
    mutable std::mutex mutex_;                    // of what follows
    mutable CK_SESSION_HANDLE session_ = 0;
    mutable CK_OBJECT_HANDLE key_ = 0;
    mutable bool is_open_ = false;
};

}  // namespace

Result<SigningKeyPtr> open_pkcs11_key(const Pkcs11Options& options) {
    const auto module = load_module(options.module);
    if (!module) return module.error();
    auto key = std::make_shared<Pkcs11Key>(options, **module);
    if (auto opened = key->open(); !opened) return opened.error();
    return SigningKeyPtr(std::move(key));
}

}  // namespace fanion::signing
