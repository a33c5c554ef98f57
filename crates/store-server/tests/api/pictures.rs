//! `GET /api/v1/pictures`, `GET /api/v1/picture/{hash}` and what a contact says of them.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use holdfast_profile::{ImageFolder, default_profile};
use holdfast_protocol::messages::{ContactReply, ContactRequest};
use holdfast_protocol::pictures::{PICTURES_MAX, PictureRef, PicturesReply};
use holdfast_protocol::problem::code;
use holdfast_protocol::{PROTOCOL_VERSION, PROTOCOL_VERSION_HEADER};
use holdfast_store_server::database::NewPicture;
use holdfast_store_server::pictures::{import_folder, picture_of};
use holdfast_store_server::secrets::hex;

use crate::support::{TestRegister, TestServer};

fn png(sku: &str, content: &str) -> NewPicture {
    picture_of(sku.to_owned(), [b"\x89PNG\r\n\x1a\n", content.as_bytes()].concat()).unwrap()
}

async fn put(server: &TestServer, pictures: &[NewPicture]) -> u64 {
    let mut writing =
        server.database.begin_write(&server.store().await.row.id, server.now_ms()).await.unwrap();
    let changed = writing.put_pictures(pictures).await.unwrap();
    writing.commit().await.unwrap();
    changed
}

/// Has the store's profile keep pictures.
async fn keep_pictures(server: &TestServer) -> u64 {
    let mut profile = default_profile();
    profile.device.image_folder = ImageFolder::On { size_cap_mb: 5 };
    let mut writing =
        server.database.begin_write(&server.store().await.row.id, server.now_ms()).await.unwrap();
    let version = writing.publish_profile(&profile, server.now_ms()).await.unwrap();
    writing.commit().await.unwrap();
    version
}

/// Pictures whose bytes are in the store database.
async fn bytes_count(server: &TestServer) -> usize {
    server.dump().await["picture_bytes"].len()
}

async fn changes(register: &TestRegister<'_>, since: u64) -> PicturesReply {
    register.get(&format!("pictures?since={since}")).await.message()
}

fn told(picture: &NewPicture) -> PictureRef {
    PictureRef {
        sku: picture.sku.clone(),
        hash: Some(picture.hash.into()),
        bytes: u32::try_from(picture.bytes.len()).unwrap(),
        media_type: picture.media_type.clone(),
    }
}

#[tokio::test]
async fn what_changed_is_told_once_and_nothing_after_that() {
    let server = TestServer::start().await;
    keep_pictures(&server).await;
    let register = server.register(1).await;
    assert_eq!(
        changes(&register, 0).await,
        PicturesReply { since: 0, up_to: 0, more: false, pictures: vec![] }
    );
    let (one, two) = (png("1", "one"), png("2", "two"));
    assert_eq!(put(&server, &[one.clone(), two.clone()]).await, 2);
    let first = changes(&register, 0).await;
    assert_eq!(first.pictures, [told(&one), told(&two)]);
    assert_eq!(changes(&register, first.up_to).await.pictures, []);
    // The same again is no change; another one is, in its latest state.
    assert_eq!(put(&server, &[one.clone(), two]).await, 0);
    assert_eq!(put(&server, &[png("1", "other")]).await, 1);
    assert_eq!(put(&server, &[png("1", "newest")]).await, 1);
    assert_eq!(bytes_count(&server).await, 2, "what no product has any more is not kept");
    let second = changes(&register, first.up_to).await;
    assert_eq!(second.pictures, [told(&png("1", "newest"))]);
    assert!(second.up_to > first.up_to);
    assert_eq!(register.get(&format!("picture/{}", hex(&one.hash))).await.status, StatusCode::NOT_FOUND);
    // A version that was never given is of another life of the database.
    let anew = changes(&register, u64::MAX).await;
    assert_eq!((anew.since, anew.pictures.len()), (0, 2));
}

#[tokio::test]
async fn many_changes_come_in_parts_and_none_is_left_out() {
    let server = TestServer::start().await;
    keep_pictures(&server).await;
    let register = server.register(1).await;
    let pictures: Vec<NewPicture> =
        (0..PICTURES_MAX + 50).map(|number| png(&format!("{number:05}"), &number.to_string())).collect();
    put(&server, &pictures).await;
    let first = changes(&register, 0).await;
    assert_eq!((first.pictures.len(), first.more), (PICTURES_MAX, true));
    let second = changes(&register, first.up_to).await;
    assert_eq!((second.pictures.len(), second.more), (50, false));
    let skus: Vec<String> = first.pictures.into_iter().chain(second.pictures).map(|one| one.sku).collect();
    assert_eq!(skus, pictures.iter().map(|one| one.sku.clone()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_picture_is_served_by_its_hash_to_registers_only() {
    let server = TestServer::start().await;
    keep_pictures(&server).await;
    let register = server.register(1).await;
    let picture = png("1", "one");
    put(&server, std::slice::from_ref(&picture)).await;
    let path = format!("picture/{}", hex(&picture.hash));
    let answer = register.get(&path).await;
    assert_eq!((answer.status, answer.body.clone()), (StatusCode::OK, picture.bytes));
    assert_eq!(answer.header(header::CONTENT_TYPE), "image/png");
    assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert!(answer.header(header::CACHE_CONTROL).starts_with("private"));
    assert!(answer.header(header::CACHE_CONTROL).contains("immutable"));
    assert!(answer.header(header::CONTENT_SECURITY_POLICY).contains("default-src 'none'"));
    let nobody = Request::get(format!("/api/v1/{path}")).header(PROTOCOL_VERSION_HEADER, PROTOCOL_VERSION);
    let nobody = server.send(nobody.body(Body::empty()).unwrap()).await;
    assert_eq!(nobody.problem().code, code::REGISTER_UNKNOWN);
    for nothing in ["picture/xyz", "picture/00", &format!("picture/{}", "0".repeat(64))] {
        assert_eq!(register.get(nothing).await.problem().code, code::NOT_FOUND, "{nothing}");
    }
    assert_eq!(register.get("pictures?since=-1").await.problem().code, code::MALFORMED);
}

#[tokio::test]
async fn a_contact_tells_the_version_only_where_the_profile_has_pictures_kept() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    put(&server, &[png("1", "one")]).await;
    let told = async || {
        register.post("contact", &register.contact_request()).await.message::<ContactReply>().pictures
    };
    assert_eq!(told().await, None);
    keep_pictures(&server).await;
    assert_eq!(told().await, Some(changes(&register, 0).await.up_to));
}

#[tokio::test]
async fn a_register_has_pictures_by_the_version_that_it_has() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let picture = png("1", "one");
    put(&server, std::slice::from_ref(&picture)).await;
    let version = keep_pictures(&server).await;
    let mut contact = register.contact_request();
    let looked = async |contact: &ContactRequest| {
        let told = register.post("contact", contact).await.message::<ContactReply>().pictures;
        let list = register.get("pictures").await.status.as_u16();
        let one = register.get(&format!("picture/{}", hex(&picture.hash))).await.status.as_u16();
        (told.is_some(), list, one)
    };
    contact.profile_version = 1;
    assert_eq!(looked(&contact).await, (false, 404, 404), "its version keeps none");
    contact.profile_version = version;
    assert_eq!(looked(&contact).await, (true, 200, 200));
    let mut writing =
        server.database.begin_write(&server.store().await.row.id, server.now_ms()).await.unwrap();
    writing.publish_profile(&default_profile(), server.now_ms()).await.unwrap();
    writing.commit().await.unwrap();
    assert_eq!(looked(&contact).await, (true, 200, 200), "until it takes the next");
}

#[tokio::test]
async fn the_demo_shop_has_a_picture_of_each_product() {
    let server = TestServer::demo().await;
    keep_pictures(&server).await;
    let register = server.register(1).await;
    let reply = changes(&register, 0).await;
    assert!(!reply.more);
    assert!(reply.pictures.len() > 600, "{}", reply.pictures.len());
    let first = &reply.pictures[0];
    let drawn = register.get(&format!("picture/{}", hex(first.hash.unwrap().as_slice()))).await;
    assert_eq!(drawn.header(header::CONTENT_TYPE), "image/svg+xml");
    assert!(drawn.text().starts_with("<svg"));
}

#[tokio::test]
async fn a_folder_is_imported_by_sku_and_barcode_and_each_refused_file_has_its_reason() {
    let server = TestServer::demo().await;
    keep_pictures(&server).await;
    let register = server.register(1).await;
    let store = server.store().await;
    let before = changes(&register, 0).await;
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("1001.png", b"\x89PNG\r\n\x1a\nby sku");
    write("2000010070701.jpg", b"\xff\xd8\xff\xe0by barcode");
    write("1001.webp", b"RIFF\0\0\0\0WEBPtwice");
    write("1003.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>");
    write("1004.png", &[b"\x89PNG\r\n\x1a\n".as_slice(), &[0; 256 * 1024]].concat());
    write("nothing.png", b"\x89PNG\r\n\x1a\n");
    write(".hidden", b"");
    std::fs::create_dir(folder.path().join("1005.png")).unwrap();
    let report =
        import_folder(&server.database, &store, folder.path(), true, "Ann", server.now_ms()).await.unwrap();
    assert_eq!(
        (report.taken, report.changed, report.removed),
        (2, 2, 0),
        "nothing goes while files are refused"
    );
    let refused: Vec<(&str, &str)> =
        report.refused.iter().map(|file| (file.name.as_str(), file.reason.as_str())).collect();
    assert_eq!(
        refused,
        [
            ("1001.webp", "1001.png is a picture of the same product, 1001"),
            ("1003.svg", "it is not a PNG, JPEG or WebP picture"),
            ("1004.png", "it has more than 256 kB; make it smaller"),
            ("nothing.png", "there is no product with the sku or barcode nothing"),
        ]
    );
    assert!(report.to_string().contains("1003.svg: it is not a PNG"), "{report}");
    assert!(report.to_string().contains("None was removed: "), "{report}");
    let after = changes(&register, before.up_to).await;
    let types: Vec<&str> = after.pictures.iter().map(|picture| picture.media_type.as_str()).collect();
    assert_eq!(types, ["image/png", "image/jpeg"]);

    for name in ["1001.webp", "1003.svg", "1004.png", "nothing.png"] {
        std::fs::remove_file(folder.path().join(name)).unwrap();
    }
    let report =
        import_folder(&server.database, &store, folder.path(), true, "Ann", server.now_ms()).await.unwrap();
    assert_eq!((report.taken, report.changed), (2, 0));
    assert!(!report.to_string().contains("None was removed"), "{report}");
    assert_eq!(report.removed as usize, before.pictures.len() - 2);
    let gone = changes(&register, after.up_to).await;
    assert!(gone.pictures.iter().all(|picture| picture.hash.is_none() && picture.bytes == 0));
    assert_eq!(gone.pictures.len(), before.pictures.len() - 2);
    assert_eq!(bytes_count(&server).await, 2);
    let trail = server.administrator().await.get("/api/admin/changes").await.json();
    let (last, first) = (&trail["changes"][0], &trail["changes"][1]);
    for change in [last, first] {
        assert_eq!(
            (&change["administrator"], &change["action"], &change["subject"]),
            (&"Ann".into(), &"rows_imported".into(), &"pictures".into())
        );
    }
    assert_eq!(first["detail"], "Pictures taken: 2, written: 2, removed: 0, files refused: 4.");
    let removed = before.pictures.len() - 2;
    assert_eq!(
        last["detail"],
        format!("Pictures taken: 2, written: 0, removed: {removed}, files refused: 0.")
    );
}
