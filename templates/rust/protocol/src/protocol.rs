//! What the protocol demands of every plugin: identity, handshake, self-check, and the version in
//! each request and response. You need not change this file: `src/lib.rs` has the handlers.

use cc_lb_plugin_wire::handshake::{HandshakeAccept, HandshakeOffer};
use cc_lb_plugin_wire::self_check::{
    SelfCheckFailure, SelfCheckRequest, SelfCheckResponse, SelfCheckStage, SelfCheckStatus,
};
use cc_lb_plugin_wire::serde_json::{Value, from_str, from_value, to_string, to_value};
use cc_lb_plugin_wire::wire_function::WireFunction;

/// Makes the plugin: `export: Function => handler` for each wire function that it implements. The
/// export has the name of the function in the protocol. Writes the identity section from name and
/// version of the crate, and exports `cc_lb_handshake` and `cc_lb_self_check` too.
macro_rules! plugin {
    ($($export:ident: $function:ty => $handler:path),+ $(,)?) => {
        const IDENTITY: &str = concat!(
            r#"{"magic":[204,27,112,16,0,1,0,0],"abi_envelope":1,"plugin_name":""#,
            env!("CARGO_PKG_NAME"),
            r#"","plugin_version":""#,
            env!("CARGO_PKG_VERSION"),
            r#""}"#,
        );

        #[used]
        #[cfg_attr(target_arch = "wasm32", unsafe(link_section = "cc_lb.plugin.v1"))]
        static IDENTITY_SECTION: [u8; IDENTITY.len()] =
            *IDENTITY.as_bytes().first_chunk().unwrap();

        const FUNCTIONS: &[$crate::protocol::Function] =
            &[$($crate::protocol::Function::of::<$function>()),+];

        #[unsafe(no_mangle)]
        pub extern "C" fn cc_lb_handshake() -> i32 {
            $crate::kernel::call(|offer| $crate::protocol::handshake(offer, FUNCTIONS))
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn cc_lb_self_check() -> i32 {
            $crate::kernel::call(|request| $crate::protocol::self_check(request, FUNCTIONS))
        }

        $(
            #[unsafe(no_mangle)]
            pub extern "C" fn $export() -> i32 {
                $crate::kernel::call(|input| $crate::protocol::answer::<$function>(input, $handler))
            }
        )+
    };
}
pub(crate) use plugin;

/// Answers one call of the wire function `F`. Answers a malformed request, or one of a version that
/// was not negotiated, with an error.
pub fn answer<F: WireFunction>(
    input: &str,
    handle: impl FnOnce(F::Request) -> Result<F::Response, String>,
) -> Result<String, String> {
    let mut request: Value = from_str(input).map_err(|error| error.to_string())?;
    let version = request
        .as_object_mut()
        .and_then(|fields| fields.remove("_v"));
    if !F::SUPPORTED_VERSIONS
        .iter()
        .any(|&known| version == Some(known.into()))
    {
        return Err(format!("_v must be one of {:?}", F::SUPPORTED_VERSIONS));
    }
    let request: F::Request = from_value(request).map_err(|error| error.to_string())?;
    let mut response = to_value(handle(request)?).map_err(|error| error.to_string())?;
    response["_v"] = version.into();
    to_string(&response).map_err(|error| error.to_string())
}

/// What handshake and self-check know of a wire function.
pub struct Function {
    name: &'static str,
    versions: &'static [u32],
    round_trip: fn() -> Result<(), String>,
}

impl Function {
    pub const fn of<F: WireFunction>() -> Self {
        Self {
            name: F::NAME,
            versions: F::SUPPORTED_VERSIONS,
            round_trip: round_trip::<F>,
        }
    }

    /// The largest version that plugin and host know.
    fn choose(&self, offer: &HandshakeOffer) -> Result<u32, String> {
        let offered = offer
            .function_versions
            .get(self.name)
            .map_or(&[][..], Vec::as_slice);
        let common = offered
            .iter()
            .filter(|version| self.versions.contains(version));
        common.max().copied().ok_or_else(|| {
            format!(
                "{}: the host offers {offered:?}, the plugin has {:?}",
                self.name, self.versions
            )
        })
    }
}

/// Answers the offer of a host.
pub fn handshake(offer: &str, functions: &[Function]) -> Result<String, String> {
    let offer: HandshakeOffer = from_str(offer).map_err(|error| error.to_string())?;
    offer.validate().map_err(|error| error.to_string())?;
    let chosen = functions
        .iter()
        .map(|function| Ok((function.name.to_owned(), function.choose(&offer)?)))
        .collect::<Result<_, String>>()?;
    let accept = HandshakeAccept {
        handshake_schema_version: offer.handshake_schema_version,
        envelope_version: offer.envelope_version,
        chosen_versions: chosen,
        plugin_supported: functions
            .iter()
            .map(|function| (function.name.to_owned(), function.versions.to_vec()))
            .collect(),
        implemented_functions: functions
            .iter()
            .map(|function| function.name.to_owned())
            .collect(),
        required_capabilities: Default::default(),
    };
    accept
        .validate_against_offer(&offer)
        .map_err(|error| error.to_string())?;
    to_string(&accept).map_err(|error| error.to_string())
}

/// Tests the functions that a host names, and passes over those that the plugin does not implement.
/// A plugin has no clock, so the check ends at the time it began.
pub fn self_check(request: &str, functions: &[Function]) -> Result<String, String> {
    let request: SelfCheckRequest = from_str(request).map_err(|error| error.to_string())?;
    request.validate().map_err(|error| error.to_string())?;
    let named = |function: &&Function| {
        request
            .functions_to_test
            .iter()
            .any(|name| name == function.name)
    };
    let failures: Vec<SelfCheckFailure> = functions
        .iter()
        .filter(named)
        .filter_map(|function| (function.round_trip)().err())
        .map(|message| SelfCheckFailure {
            stage: SelfCheckStage::WireFunctionTest,
            message,
        })
        .collect();
    let status = if failures.is_empty() {
        SelfCheckStatus::Success
    } else {
        SelfCheckStatus::Failure
    };
    let response = SelfCheckResponse {
        status,
        failures,
        completed_at: request.initiated_at,
    };
    to_string(&response).map_err(|error| error.to_string())
}

/// Writes the sample request and the sample response of a function and reads them back.
fn round_trip<F: WireFunction>() -> Result<(), String> {
    let failed = |error| format!("{}: {error}", F::NAME);
    let request = to_value(F::dry_run_request()).map_err(failed)?;
    from_value::<F::Request>(request).map_err(failed)?;
    let response = to_value(F::dry_run_response()).map_err(failed)?;
    from_value::<F::Response>(response).map_err(failed)?;
    Ok(())
}
