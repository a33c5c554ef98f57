//! Registers and store servers of different months, at each endpoint.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use holdfast_profile::{TableId, default_profile};
use holdfast_protocol::look_up::{LookUpRequest, Wanted};
use holdfast_protocol::messages::{
    ActivateRequest, ContactReply, ContactRequest, PullRequest, UploadReply, UploadRequest,
};
use holdfast_protocol::problem::code;
use holdfast_protocol::{PROTOCOL_VERSION, PROTOCOL_VERSION_HEADER, SCHEMA_VERSION, Versions, encode};
use holdfast_store_server::secrets::hex;

use crate::support::{Answer, TestRegister, TestServer};

/// Of next month: this month's registers only upload to it.
const NEXT_MONTH: Versions = Versions {
    protocol_min: PROTOCOL_VERSION + 1,
    protocol: PROTOCOL_VERSION + 2,
    schema: SCHEMA_VERSION + 1,
};

/// The address of a page that the register could have before the update.
async fn page_path(register: &TestRegister<'_>) -> String {
    let manifest = register.manifest(TableId::TaxRate).await;
    format!("page/{}", hex(manifest.pages[0].hash.as_slice()))
}

/// Sends a request that states its version in the header, where there is one to state.
async fn stating(
    server: &TestServer,
    token: &[u8],
    version: Option<&str>,
    (method, path, body): (Method, &str, Vec<u8>),
) -> Answer {
    let request = Request::builder().method(method).uri(format!("/api/v1/{path}"));
    let request = request.header(header::AUTHORIZATION, format!("Bearer {}", hex(token)));
    let request = match version {
        Some(version) => request.header(PROTOCOL_VERSION_HEADER, version),
        None => request,
    };
    server.send(request.body(Body::from(body)).unwrap()).await
}

fn downloads(page: &str) -> [(Method, &str, Vec<u8>); 5] {
    let pull =
        encode(&PullRequest { table: TableId::TaxRate, since: 0, rows_max: 10, profile_version: None });
    let look_up = LookUpRequest { wanted: Wanted::Customers, text: "a".to_owned() };
    [
        (Method::GET, "profile", Vec::new()),
        (Method::GET, "manifest/tax_rate", Vec::new()),
        (Method::GET, page, Vec::new()),
        (Method::POST, "pull", pull),
        (Method::POST, "look-up", encode(&look_up)),
    ]
}

#[tokio::test]
async fn a_register_of_last_month_uploads_is_told_to_update_and_downloads_nothing() {
    let mut server = TestServer::demo().await;
    let (token, page, contact, uploads) = {
        let mut register = server.register(1).await;
        let page = page_path(&register).await;
        let contact = register.contact_request();
        let uploads = [register.sell(100), register.sell(250)];
        (register.identity.token, page, contact, uploads)
    };
    server.speak(NEXT_MONTH);
    let send = async |path, body| stating(&server, token.as_slice(), None, (Method::POST, path, body)).await;
    let reply: ContactReply = send("contact", encode(&contact)).await.message();
    assert!(reply.update_required);
    assert_eq!((reply.nonce, reply.schema_version), (contact.nonce, NEXT_MONTH.schema));

    let request = UploadRequest { entries: uploads.to_vec(), protocol_version: 1 };
    let reply: UploadReply = send("upload", encode(&request)).await.message();
    assert_eq!((reply.acknowledged_seq, reply.results.len()), (2, 2));
    let audit = server.administrator().await.get("/api/admin/audit").await.json();
    assert_eq!(audit["registers"][0]["total_minor"], 350);

    // It states its version in the header or, like the first ones, nowhere.
    for version in [None, Some("1")] {
        for download in downloads(&page) {
            let path = download.1.to_owned();
            let answer = stating(&server, token.as_slice(), version, download).await;
            let problem = answer.problem();
            assert_eq!((problem.status, problem.code.as_str()), (400, code::VERSION_UNKNOWN), "{path}");
            assert!(
                problem.detail.contains("speaks version 1, the store server versions 3 to 4"),
                "{problem}"
            );
        }
    }
}

#[tokio::test]
async fn registers_of_each_version_that_is_spoken_are_served_in_full() {
    let mut server = TestServer::demo().await;
    let (token, page, contact) = {
        let register = server.register(1).await;
        (register.identity.token, page_path(&register).await, register.contact_request())
    };
    server.speak(NEXT_MONTH);
    for version in [NEXT_MONTH.protocol_min, NEXT_MONTH.protocol] {
        for download in downloads(&page) {
            let answer = stating(&server, token.as_slice(), Some(&version.to_string()), download).await;
            assert_eq!(answer.status, StatusCode::OK, "{version}");
        }
        let mut request = contact.clone();
        request.protocol_version = version;
        let contact = (Method::POST, "contact", encode(&request));
        let reply: ContactReply = stating(&server, token.as_slice(), None, contact).await.message();
        assert!(!reply.update_required);
    }
}

#[tokio::test]
async fn a_register_of_a_later_month_is_refused_and_told_which_is_older() {
    let server = TestServer::demo().await;
    let mut register = server.register(1).await;
    let page = page_path(&register).await;
    let token = register.identity.token;
    let later = PROTOCOL_VERSION + 1;
    let upload = UploadRequest { entries: vec![register.sell(1)], protocol_version: later };
    let mut contact = register.contact_request();
    contact.protocol_version = later;
    let posts = [("contact", encode(&contact)), ("upload", encode(&upload))];
    let posts = posts.map(|(path, body)| (Method::POST, path, body));
    for request in posts.into_iter().chain(downloads(&page)) {
        let path = request.1.to_owned();
        let problem = stating(&server, token.as_slice(), Some(&later.to_string()), request).await.problem();
        assert_eq!((problem.status, problem.code.as_str()), (400, code::VERSION_UNKNOWN), "{path}");
        assert!(problem.detail.ends_with("Update the store server."), "{problem}");
    }
    for version in ["", "x", "-1", "65536", "1.0"] {
        for download in downloads(&page) {
            let answer = stating(&server, token.as_slice(), Some(version), download).await;
            assert_eq!(answer.problem().code, code::MALFORMED, "{version:?}");
        }
    }
}

#[tokio::test]
async fn an_app_that_is_too_old_activates_nothing_and_leaves_the_code_unused() {
    let mut server = TestServer::demo().await;
    server.speak(NEXT_MONTH);
    let code = server.activation_code(1).await;
    let mut request = ActivateRequest {
        code,
        protocol_version: PROTOCOL_VERSION,
        app_version: "1.0".to_owned(),
        device_name: "Till".to_owned(),
        attempt_id: [1; 16].into(),
    };
    let ask = async |request: &ActivateRequest| {
        let body = Body::from(encode(request));
        server.send(Request::post("/api/v1/activate").body(body).unwrap()).await
    };
    assert_eq!(ask(&request).await.problem().code, code::VERSION_UNKNOWN);
    (request.protocol_version, request.attempt_id) = (NEXT_MONTH.protocol, [2; 16].into());
    assert_eq!(ask(&request).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_rollout_says_which_register_needs_a_newer_app() {
    let mut server = TestServer::demo().await;
    let (token, mut contact) = {
        let register = server.register(1).await;
        (register.identity.token, register.contact_request())
    };
    server.speak(NEXT_MONTH);
    let store_id = server.store().await.row.id;
    let mut writing = server.database.begin_write(&store_id, server.now_ms()).await.unwrap();
    writing.publish_profile(&default_profile(), server.now_ms()).await.unwrap();
    writing.commit().await.unwrap();
    let admin = server.administrator().await;
    let state_after = async |contact: &ContactRequest| {
        let request = (Method::POST, "contact", encode(contact));
        assert_eq!(stating(&server, token.as_slice(), None, request).await.status, StatusCode::OK);
        let rollout = admin.get("/api/admin/profiles/1/rollout").await.json();
        rollout["registers"][0]["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state_after(&contact).await, "needs_newer_app", "its protocol is too old");
    contact.protocol_version = NEXT_MONTH.protocol;
    contact.app_schema_version = Some(SCHEMA_VERSION);
    assert_eq!(state_after(&contact).await, "needs_newer_app", "it can't read the rows");
    contact.app_schema_version = Some(NEXT_MONTH.schema);
    assert_eq!(state_after(&contact).await, "building");
}
